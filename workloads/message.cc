#include "workloads/message.h"

#include <limits>
#include <utility>

#include "base/monotonic_clock.h"
#include "workloads/pacer.h"
#include "workloads/send_message.h"
#include "workloads/single_flow.h"

namespace sockscope {

/// How many were sent.
Result<std::uint64_t> MessageClient::send_paced(std::uint64_t count, std::uint64_t deadline_ns, Samples& lateness) {
  const Pacer pacer(monotonic_now_ns(), spec_.rate);
  std::uint64_t number = 0;
  for (; number < count && pacer.time_of(number) < deadline_ns; ++number) {
    const std::uint64_t intended = pacer.time_of(number);
    Pacer::sleep_until(intended);
    const std::uint64_t now = monotonic_now_ns();
    MessageHeader{.number = number, .sent_ns = now}.write_to(message_);
    if (auto sent = send_message(socket_, message_); !sent) return pass_on(sent);
    lateness.record(now - intended);
  }
  return number;
}

Result<> MessageClient::warm_up() {
  Pacer::make_timers_exact();
  Samples uncounted(WorkloadSpec{});
  auto sent = send_paced(spec_.warm_up, std::numeric_limits<std::uint64_t>::max(), uncounted);
  if (!sent) return pass_on(sent);
  phase_.set_sent(*sent);
  return tell_over(Phase::kWarmUp);
}

Result<EndResult> MessageClient::measure() {
  EndResult result = result_of(Role::kClient, socket_, spec_);
  Samples lateness(spec_);
  const KernelCounts counts(socket_, spec_);
  const MeasuredPart part;
  auto sent = send_paced(spec_.count, part.deadline_ns(spec_), lateness);
  if (!sent) return pass_on(sent);
  part.end(result, monotonic_now_ns());
  phase_.set_sent(*sent);
  if (auto told = tell_over(Phase::kMeasured); !told) return pass_on(told);
  result.measured.unit = "message";
  result.measured.units = result.round_trips = *sent;
  result.measured.add_count("sent", *sent);
  result.measured.add_count("bytes_sent", *sent * spec_.size);
  counts.add_of_sender(result.measured);
  keep_times(result, "send_lateness", std::move(lateness));
  return result;
}

Result<EndResult> MessageServer::measure() {
  Samples one_way(spec_);
  SequenceCheck check;
  auto result = receiver_.measure([&] {
    const std::uint64_t now = monotonic_now_ns();
    const auto header = MessageHeader::read_from(receiver_.message());
    check.on(header.number);
    one_way.record(now - header.sent_ns);
  });
  if (!result) return result;
  keep_times(*result, "one_way", std::move(one_way));
  receiver_.add_losses(check, result->measured);
  return result;
}

Result<EndResult> run_message_client(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier) {
  return run_single_client<MessageClient>(spec, sockets, barrier);
}

Result<EndResult> run_message_server(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier) {
  return run_single_server<MessageServer>(spec, sockets, barrier);
}

}  // namespace sockscope
