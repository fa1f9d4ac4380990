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

Json to_json(const Measurements& measured) {
  Json times = Json::object();
  for (const auto& [name, histogram] : measured.times) times[name] = to_json(histogram);
  Json counts = Json::object();
  for (const auto& [name, count] : measured.counts) counts[name] = count;
  return Json{{"unit", measured.unit}, {"units", measured.units}, {"times", times}, {"counts", counts}};
}

Json to_json(const EndResult& result) {
  Json socket = Json::object();
  for (const auto& [name, value] : result.socket) socket[name] = value;
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
              {"rtt", to_json(result.rtt)},
              {"measured", to_json(result.measured)},
              {"socket", std::move(socket)}};
}

namespace {

/// Empty where there are none: runs of earlier versions have only round trips.
Result<Measurements> measured_of(const Json& end) {
  Measurements measured;
  if (!end.contains("measured")) return measured;
  const Json& json = end.at("measured");
  measured.unit = json.at("unit");
  measured.units = json.at("units");
  for (const auto& [name, value] : json.at("times").items()) {
    auto histogram = histogram_from_json(value);
    if (!histogram) return pass_on(histogram);
    measured.times.emplace_back(name, std::move(*histogram));
  }
  for (const auto& [name, value] : json.at("counts").items()) measured.counts.emplace_back(name, value);
  return measured;
}

}  // namespace

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
    auto measured = measured_of(json);
    if (!measured) return pass_on(measured);
    result.measured = std::move(*measured);
    const Json socket = json.value("socket", Json::object());
    for (const auto& [name, value] : socket.items()) result.socket.emplace_back(name, value.get<std::string>());
    return result;
  } catch (const Json::exception& error) {
    return fail(ErrorKind::kInput, "not the result of a workload's end: {}", error.what());
  }
}

}  // namespace sockscope
