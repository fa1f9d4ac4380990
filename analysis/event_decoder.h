#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/event.h"
#include "analysis/syscall_traits.h"
#include "parsers/perf_data/record.h"
#include "parsers/tracepoint/catalog.h"
#include "parsers/tracepoint/field_access.h"
#include "parsers/tracepoint/symbols.h"
#include "parsers/tracepoint/task_state.h"

namespace sockscope {

/// Which events are wanted. What is not is passed over at the price of any other event that nobody needs.
enum class Interest {
  kMessages,  ///< What TraceAnalysis takes.
  kSessions,  ///< And what SessionAnalysis takes: the calls that make sockets, their states, forks.
};

/// Turns records into events. Bound once to the formats of a recording; after that a record costs a table look-up, and
/// one that no analysis needs costs nothing more.
class EventDecoder {
 public:
  enum class Outcome {
    kDecoded,
    kIgnored,      ///< Nothing that the analysis asks for.
    kUndecodable,  ///< Its format is missing or does not fit its bytes.
  };

  /// `arch` is the recorded machine's (FileInfo::arch): it gives system call numbers their meaning.
  EventDecoder(const tracepoint::Catalog& catalog, std::string_view arch, Interest interest = Interest::kMessages);

  Outcome decode(const perf_data::Record& record, Event& event) const;

 private:
  enum class Kind : std::uint8_t {
    kUnknown,  // no format
    kIgnored,
    kRawSysEnter,
    kRawSysEnterOfSession,
    kRawSysExit,
    kSysEnter,
    kSysExit,
    kNetDevQueue,
    kNetDevXmit,
    kNetifRx,
    kNetifReceiveSkb,
    kTcpProbe,
    kSkDataReady,
    kSockSendLength,
    kSockRecvLength,
    kUdpFail,
    kTcpRetransmit,
    kSoftirqEntry,
    kSoftirqExit,
    kInetSockSetState,
    kSkbCopy,
    kSkbDrop,
    kSchedWaking,
    kSchedMigrateTask,
    kSchedSwitch,
  };
  static constexpr std::size_t kIntegers = 6;
  /// What no other analysis than SessionAnalysis takes.
  static constexpr bool is_of_session(Kind kind) {
    return kind == Kind::kSoftirqExit || kind == Kind::kInetSockSetState || kind == Kind::kSkbCopy ||
           kind == Kind::kSkbDrop;
  }

  /// One tracepoint with the fields that decode_sample() reads, by position.
  struct Binding {
    Kind kind = Kind::kUnknown;
    SyscallTraits syscall{};  // kSysEnter
    std::array<std::optional<tracepoint::IntegerField>, kIntegers> integers{};
    std::optional<tracepoint::StringField> string{};
    std::optional<tracepoint::IntegerArrayField> array{};
  };
  struct Known;
  static const std::array<Known, 20>& known_events();

  [[nodiscard]] Binding bind(const tracepoint::Format& format) const;
  static Binding bind_syscall(const tracepoint::Format& format);

  Outcome decode_sample(const perf_data::Record& record, Event& event) const;
  bool decode_body(const Binding& binding, const perf_data::Record& record, EventBody& body) const;
  bool decode_syscall(const Binding& binding, perf_data::Bytes payload, EventBody& body) const;
  static bool decode_packet(const Binding& binding, perf_data::Bytes payload, EventBody& body);
  bool decode_of_session(const Binding& binding, perf_data::Bytes payload, EventBody& body) const;
  bool decode_drop(const Binding& binding, perf_data::Bytes payload, SkbDrop& body) const;
  static bool decode_socket(const Binding& binding, const perf_data::Record& record, EventBody& body);
  bool decode_raw_enter_of_session(const Binding& binding, perf_data::Bytes payload, EventBody& body) const;
  static bool decode_set_state(const Binding& binding, perf_data::Bytes payload, EventBody& body);
  bool decode_raw_enter(const Binding& binding, perf_data::Bytes payload, SyscallEnter& body) const;
  static bool decode_sock_length(const Binding& binding, const perf_data::Record& record, SockLength& body);
  bool decode_switch(const Binding& binding, perf_data::Bytes payload, SchedSwitch& body) const;

  perf_data::ByteOrder order_;                                // of all formats: a recording is of one machine
  std::vector<Binding> bindings_;                             // by common_type
  std::vector<SyscallTraits> syscalls_;                       // by system call number
  std::vector<std::optional<SocketOperation>> socket_calls_;  // likewise
  Interest interest_;
  tracepoint::TaskState task_state_;
  std::uint64_t net_rx_vec_;
  tracepoint::Symbols drop_reasons_;
};

}  // namespace sockscope
