#include "workloads/microbench/bench_name.h"

#include <fmt/format.h>

#include <algorithm>

namespace sockscope {

std::optional<std::string> floor_of(std::string_view name) {
  if (std::ranges::count(name, '/') != 3) return std::nullopt;
  const std::string_view placement = name.substr(name.rfind('/') + 1);
  return fmt::format("{}/eventfd/8/{}", placement == "thread" ? "message" : "round_trip", placement);
}

}  // namespace sockscope
