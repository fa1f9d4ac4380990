#include "report/latency_groups.h"

#include <algorithm>
#include <utility>

namespace sockscope {
namespace {

constexpr const char* kRoundTripGroup = "round trip";

class Groups {
 public:
  void add(const std::string& what, LatencySeries series) {
    if (series.times->empty()) return;
    group(what).series.push_back(std::move(series));
  }

  [[nodiscard]] std::vector<LatencyGroup> take() { return std::move(groups_); }

 private:
  LatencyGroup& group(const std::string& what) {
    const auto found = std::ranges::find(groups_, what, &LatencyGroup::what);
    if (found != groups_.end()) return *found;
    return groups_.emplace_back(LatencyGroup{.what = what, .series = {}});
  }

  std::vector<LatencyGroup> groups_;
};

std::string spoken(std::string name) {
  std::ranges::replace(name, '_', ' ');
  return name;
}

void add_untraced(Groups& groups, const Variant& variant, const UntracedSummary& untraced) {
  groups.add(kRoundTripGroup, {&variant, false, {"untraced", "rtt_ns"}, &untraced.rtt});
  for (const auto& [name, times] : untraced.measured.times) {
    groups.add(spoken(name), {&variant, false, {"untraced", "times", name + "_ns"}, &times});
  }
}

void add_traced(Groups& groups, const Variant& variant, const TracedSummary& traced) {
  // The workload's clock, where there is one, is what the untraced times are by.
  if (traced.workload_rtt.empty()) {
    groups.add(kRoundTripGroup, {&variant, true, {"traced", "rtt_ns"}, &traced.rtt});
  } else {
    groups.add(kRoundTripGroup, {&variant, true, {"traced", "workload_rtt_ns"}, &traced.workload_rtt});
  }
  groups.add("one way, request", {&variant, true, {"traced", "request_one_way_ns"}, &traced.request_one_way});
  groups.add("one way, response", {&variant, true, {"traced", "response_one_way_ns"}, &traced.response_one_way});
}

}  // namespace

std::vector<LatencyGroup> latency_groups(const Summary& summary) {
  Groups groups;
  for (const VariantSummary& side : summary.variants) {
    if (side.untraced) add_untraced(groups, side.variant, *side.untraced);
    if (side.traced) add_traced(groups, side.variant, *side.traced);
  }
  return groups.take();
}

}  // namespace sockscope
