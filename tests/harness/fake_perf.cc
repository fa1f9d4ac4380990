#include "tests/harness/fake_perf.h"

#include <fmt/format.h>

#include <cstdlib>

namespace sockscope {
namespace {

std::string path_with(const TempTree& bin) {
  const char* const path = std::getenv("PATH");
  return fmt::format("{}:{}", bin.str(), path == nullptr ? "/usr/bin:/bin" : path);
}

}  // namespace

FakePerf::FakePerf(const FakePerfBehaviour& behaviour) : path_("PATH", path_with(bin_)) {
  bin_.program("perf", fmt::format(R"(#!/usr/bin/env bash
while [ $# -gt 0 ]; do
  case $1 in
    fd:*) control=${{1#fd:}} ;;
    -o) output=$2 ;;
  esac
  shift
done
say() {{ printf "$1" >&"${{control#*,}}"; }}
trap '{}' INT
{}
while read -r command <&"${{control%,*}}"; do
  {}
done
)",
                                   behaviour.on_interrupt, behaviour.at_start, behaviour.answer));
}

}  // namespace sockscope
