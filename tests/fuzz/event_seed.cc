#include "tests/fuzz/event_seed.h"

#include <cstdint>
#include <map>

#include "analysis/event_decoder.h"
#include "parsers/tracepoint/catalog.h"
#include "tests/support/byte_writer.h"

namespace sockscope::fuzz {
namespace {

/// Writes events with their descriptors, addresses and thread ids numbered in the order in which they come.
class EventWriter {
 public:
  /// Those of sessions are not decoded here (Interest::kMessages), and no input has them.
  void add(const Event& event) {
    std::visit(
        [&](const auto& body) {
          if constexpr (requires { write(event, body); }) write(event, body);
        },
        event.body);
  }
  [[nodiscard]] const std::string& str() const { return out_.str(); }

 private:
  std::uint8_t small(std::uint64_t number) {
    return numbers_.try_emplace(number, static_cast<std::uint8_t>(numbers_.size())).first->second;
  }
  std::uint8_t small_tid(std::int32_t tid) { return small(static_cast<std::uint64_t>(tid)); }

  test_support::ByteWriter& put(const Event& at, std::uint8_t kind, std::uint8_t number, std::uint8_t bits) {
    return out_.u8(kind).u8(small_tid(at.tid)).u8(number).u8(bits).u64(at.time_ns);
  }

  void write(const Event& at, const SyscallEnter& event) {
    put(at, 0, static_cast<std::uint8_t>(event.fd), static_cast<std::uint8_t>(event.kind))
        .u64(event.length.value_or(0));
  }
  void write(const Event& at, const SyscallExit& event) { put(at, 1, 0, 0).u64(static_cast<std::uint64_t>(event.ret)); }
  void write(const Event& at, const NetDevQueue& event) {
    put(at, 2, small(event.skbaddr), static_cast<std::uint8_t>(event.len));
  }
  void write(const Event& at, const NetDevXmit& event) { put(at, 3, 0, event.device == NetDevice::kLoopback ? 1 : 0); }
  void write(const Event& at, const NetifRx& event) { put(at, 4, small(event.skbaddr), 0); }
  void write(const Event& at, const NetifReceiveSkb& event) { put(at, 5, small(event.skbaddr), 0); }
  void write(const Event& at, const TcpProbe& event) { put(at, 6, small(event.skbaddr), small(event.skaddr)); }
  void write(const Event& at, const SkDataReady& event) { put(at, 7, small(event.skaddr), 0); }
  void write(const Event& at, const SockLength& event) {
    put(at, 8, small(event.sk), event.protocol == Protocol::kUdp ? 1 : 0);
  }
  void write(const Event& at, const UdpFailQueueRcvSkb& /*event*/) { put(at, 9, 0, 0); }
  void write(const Event& at, const TcpRetransmitSkb& /*event*/) { put(at, 10, 0, 0); }
  void write(const Event& at, const NetRxSoftirq& /*event*/) { put(at, 11, 0, 0); }
  void write(const Event& at, const SchedWaking& event) { put(at, 12, small_tid(event.pid), 0); }
  void write(const Event& at, const SchedMigrateTask& event) { put(at, 13, small_tid(event.pid), 0); }
  void write(const Event& at, const SchedSwitch& event) {
    put(at, 14, small_tid(event.next_pid), event.is_involuntary ? 1 : 0);
  }
  void write(const Event& at, const SwitchIn& event) { put(at, 15, small_tid(event.tid), 0); }

  /// What only SessionAnalysis takes is no input of a target.
  template <class Body>
  void write(const Event& /*at*/, const Body& /*event*/) {}

  test_support::ByteWriter out_;
  std::map<std::uint64_t, std::uint8_t> numbers_;
};

}  // namespace

std::string event_seed(const perf_data::Reader& reader, std::size_t count) {
  const auto catalog = tracepoint::Catalog::from(*reader.tracing_data());
  const EventDecoder decoder(*catalog, reader.info().arch);
  EventWriter writer;
  auto stream = reader.records();
  while (const perf_data::Record* record = count == 0 ? nullptr : stream.next()) {
    Event event;
    if (decoder.decode(*record, event) != EventDecoder::Outcome::kDecoded) continue;
    writer.add(event);
    --count;
  }
  return writer.str();
}

}  // namespace sockscope::fuzz
