#include "report/events/event_filter.h"

#include <fnmatch.h>

#include <algorithm>

namespace sockscope {
namespace {

template <class T>
bool is_one_of(const std::vector<T>& wanted, T value) noexcept {
  return wanted.empty() || std::ranges::find(wanted, value) != wanted.end();
}

bool matches(const std::string& glob, std::string_view text) {
  return fnmatch(glob.c_str(), std::string(text).c_str(), 0) == 0;
}

}  // namespace

bool EventFilter::accepts(const perf_data::Record& record) const noexcept {
  if (!is_one_of(tids, record.tid) || !is_one_of(cpus, record.cpu)) return false;
  return record.time_ns == 0 || (record.time_ns >= from_ns.value_or(0) && record.time_ns <= to_ns.value_or(~0ULL));
}

bool EventFilter::accepts_name(std::string_view name) const {
  return globs.empty() || std::ranges::any_of(globs, [&](const auto& glob) { return matches_event(glob, name); });
}

bool matches_event(const std::string& glob, std::string_view name) {
  if (matches(glob, name)) return true;
  const std::size_t colon = name.find(':');
  return !glob.contains(':') && colon != std::string_view::npos && matches(glob, name.substr(colon + 1));
}

}  // namespace sockscope
