#include "report/export/message_slices.h"

#include <algorithm>
#include <array>
#include <span>

#include "analysis/message_path.h"
#include "analysis/stage.h"

namespace sockscope {
namespace {

constexpr std::array kOfSender{Stage::kSend, Stage::kDevice, Stage::kBacklog};
constexpr std::array kOfReceiver{Stage::kReceive, Stage::kWakeUp, Stage::kDeliver};

/// The stages that the message has, one after the other from `at_ns` on.
void write_stages(const StageTimes& times, std::span<const Stage> stages, std::uint64_t at_ns, std::uint64_t track,
                  PerfettoPackets& packets) {
  for (const Stage stage : stages) {
    const auto time = times[static_cast<std::size_t>(stage)];
    if (!time) continue;
    packets.begin_slice(
        {.time_ns = at_ns, .track = track, .name = name_of(stage), .flow = std::nullopt, .arguments = {}});
    at_ns += static_cast<std::uint64_t>(*time);
    packets.end_slice(at_ns, track);
  }
}

}  // namespace

void MessageSlices::begin() {
  lanes_.clear();
  exchange_ = 0;
}

void MessageSlices::write(const Exchange& exchange) {
  ++exchange_;
  if (exchange.request) write_message(*exchange.request, true, exchange.client_tid, exchange.server_tid);
  if (exchange.response) write_message(*exchange.response, false, exchange.server_tid, exchange.client_tid);
}

void MessageSlices::write_message(const MessagePath& path, bool is_request, std::int32_t from_tid,
                                  std::int32_t to_tid) {
  ++count_;
  const std::uint64_t flow = packets_.new_flow();
  const StageTimes times = stages_of(path);
  const auto write_half = [&](std::int32_t tid, std::uint64_t begin_ns, std::uint64_t end_ns, std::string_view name,
                              std::span<const Stage> stages) {
    const std::uint64_t track = lane_for(tid, begin_ns, end_ns);
    packets_.begin_slice({.time_ns = begin_ns,
                          .track = track,
                          .name = name,
                          .flow = flow,
                          .arguments = {{"exchange", exchange_}, {"one_way_ns", path.exit_ns - path.enter_ns}}});
    write_stages(times, stages, begin_ns, track, packets_);
    packets_.end_slice(end_ns, track);
  };
  write_half(from_tid, path.enter_ns, path.receive_ns, is_request ? "send request" : "send response", kOfSender);
  write_half(to_tid, path.receive_ns, path.exit_ns, is_request ? "receive request" : "receive response", kOfReceiver);
}

std::uint64_t MessageSlices::lane_for(std::int32_t tid, std::uint64_t begin_ns, std::uint64_t end_ns) {
  std::vector<Lane>& lanes = lanes_[tid];
  const auto free = std::ranges::find_if(lanes, [begin_ns](const Lane& lane) { return lane.end_ns <= begin_ns; });
  if (free != lanes.end()) {
    free->end_ns = end_ns;
    return free->track;
  }
  lanes.push_back({.track = packets_.new_track(), .end_ns = end_ns});
  packets_.track(lanes.back().track, threads_.track_of(tid), "messages");
  return lanes.back().track;
}

}  // namespace sockscope
