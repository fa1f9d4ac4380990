#include "workloads/end_result.h"

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

namespace sockscope {

using Json = nlohmann::ordered_json;

Json to_json(const Histogram& histogram) {
  return Json{{"min_ns", histogram.min()},
              {"max_ns", histogram.max()},
              {"sum_ns", histogram.sum()},
              {"max_relative_error", Histogram::kMaxRelativeError},
              {"buckets", histogram.filled_buckets()}};
}

Json to_json(const EndResult& result) {
  return Json{{"role", name_of(result.identity.role)},
              {"tid", result.identity.tid},
              {"fd", result.identity.fd},
              {"start_ns", result.start_ns},
              {"end_ns", result.end_ns},
              {"round_trips", result.round_trips},
              {"lost", result.lost},
              {"voluntary_switches", result.usage.voluntary_switches},
              {"involuntary_switches", result.usage.involuntary_switches},
              {"user_us", result.usage.user_us},
              {"system_us", result.usage.system_us},
              {"rtt", to_json(result.rtt)}};
}

// nlohmann reports a missing key or a wrong type by exception; these two functions are where it becomes a value.
Result<Histogram> histogram_from_json(const Json& json) {
  try {
    const auto filled = json.at("buckets").get<std::vector<std::pair<std::size_t, std::uint64_t>>>();
    return Histogram::restore(filled, json.at("min_ns"), json.at("max_ns"), json.at("sum_ns"));
  } catch (const Json::exception& error) {
    return fail(ErrorKind::kInput, "not a histogram: {}", error.what());
  }
}

Result<EndResult> end_result_from_json(const Json& json) {
  try {
    EndResult result;
    result.identity.role = json.at("role") == "client" ? Role::kClient : Role::kServer;
    result.identity.tid = json.at("tid");
    result.identity.fd = json.at("fd");
    result.start_ns = json.at("start_ns");
    result.end_ns = json.at("end_ns");
    result.round_trips = json.at("round_trips");
    result.lost = json.at("lost");
    result.usage.voluntary_switches = json.at("voluntary_switches");
    result.usage.involuntary_switches = json.at("involuntary_switches");
    result.usage.user_us = json.at("user_us");
    result.usage.system_us = json.at("system_us");
    auto rtt = histogram_from_json(json.at("rtt"));
    if (!rtt) return pass_on(rtt);
    result.rtt = std::move(*rtt);
    return result;
  } catch (const Json::exception& error) {
    return fail(ErrorKind::kInput, "not the result of a workload's end: {}", error.what());
  }
}

}  // namespace sockscope
