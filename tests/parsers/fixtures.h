#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

// Recordings made by others, with what independent readers say of them (see their MANIFEST.tsv and README.md). They
// are no part of the repository.
namespace sockscope {

/// Where the CMake variable SOCKSCOPE_FIXTURES says; the file need not be there.
[[nodiscard]] std::filesystem::path fixture(std::string_view name);

/// One line of MANIFEST.tsv.
struct ManifestRow {
  std::string file;
  std::uint64_t bytes = 0;
  std::string kind;  ///< "file" or "pipe".
  std::uint64_t attrs = 0;
  std::uint64_t records = 0;
  std::uint64_t samples = 0;
  std::uint64_t compressed_records = 0;
  std::uint64_t formats = 0;  ///< Of tracepoints, in the tracing data.
  std::string osrelease;
  std::string perf_version;
};

/// Empty when there are no fixtures.
[[nodiscard]] std::vector<ManifestRow> read_manifest();

/// One line of `perf script --ns -F comm,tid,cpu,time,event,trace`.
struct ScriptLine {
  std::string comm;
  std::int32_t tid = 0;
  std::uint32_t cpu = 0;
  std::uint64_t time_ns = 0;
  std::string event;
  std::string trace;
};

/// The lines of an .xz golden; empty when it is missing or there is no xzcat.
[[nodiscard]] std::vector<ScriptLine> read_script(const std::filesystem::path& path);

/// Skips the test when the fixture is not there.
#define SOCKSCOPE_NEEDS_FIXTURE(name)                                         \
  if (!std::filesystem::exists(fixture(name))) {                              \
    GTEST_SKIP() << fixture(name) << " is not there: set SOCKSCOPE_FIXTURES"; \
  }                                                                           \
  static_assert(true, "")

}  // namespace sockscope
