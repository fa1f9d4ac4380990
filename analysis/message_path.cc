#include "analysis/message_path.h"

namespace sockscope {

StageTimes stages_of(const MessagePath& path) {
  StageTimes times;
  std::uint64_t from = path.enter_ns;
  const auto cut = [&](Stage stage, std::uint64_t to) {
    if (to == 0) return;
    times[static_cast<std::size_t>(stage)] = static_cast<std::int64_t>(to - from);  // hostile times wrap
    from = to;
  };
  cut(Stage::kSend, path.queue_ns);
  cut(Stage::kDevice, path.rx_ns);
  cut(Stage::kBacklog, path.receive_ns);
  cut(Stage::kReceive, path.waking_ns != 0 ? path.waking_ns : path.ready_ns);
  if (path.waking_ns != 0) cut(Stage::kWakeUp, path.switch_ns);
  cut(Stage::kDeliver, path.exit_ns);
  return times;
}

}  // namespace sockscope
