#include "harness/fingerprint.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace sockscope {
namespace {

constexpr std::array<std::string_view, 7> kFacts{
    "kernel", "machine", "cpu", "cpus", "virtual machine", "mitigations", "tcp congestion control"};

std::string value_of(const Facts& facts, std::string_view name) {
  const auto found = std::ranges::find(facts, name, [](const auto& fact) { return std::string_view(fact.first); });
  return found == facts.end() ? "unknown" : found->second;
}

}  // namespace

Facts machine_facts(const Facts& environment) {
  Facts facts;
  for (const std::string_view name : kFacts) facts.emplace_back(name, value_of(environment, name));
  return facts;
}

std::string fingerprint_of(const Facts& machine) {
  // FNV-1a, 32 bits: names of files, no secrets.
  std::uint32_t hash = 2'166'136'261U;
  const auto add = [&hash](std::string_view text) {
    for (const char character : text) hash = (hash ^ static_cast<unsigned char>(character)) * 16'777'619U;
    hash = (hash ^ 0U) * 16'777'619U;
  };
  for (const auto& [name, value] : machine) {
    add(name);
    add(value);
  }
  return fmt::format("{:08x}", hash);
}

std::vector<std::string> machine_differences(const Facts& baseline, const Facts& here) {
  std::vector<std::string> differences;
  for (const std::string_view name : kFacts) {
    const std::string then = value_of(baseline, name);
    const std::string now = value_of(here, name);
    if (then == now) continue;
    differences.push_back(fmt::format("{}: the baseline's is {}, this machine's is {}", name, then, now));
  }
  return differences;
}

}  // namespace sockscope
