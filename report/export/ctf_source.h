#pragma once

#include <babeltrace2/babeltrace.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "parsers/perf_data/reader.h"
#include "parsers/perf_data/task_names.h"
#include "parsers/tracepoint/catalog.h"
#include "report/export/ctf_fields.h"
#include "report/export/ctf_trace.h"

namespace sockscope {

/// The samples of a recording as messages of babeltrace2, for a source component of ours: first the beginning of a
/// CPU's stream, then packets of events, then its end. What asks for memory in vain is reported as false.
class CtfSource {
 public:
  CtfSource(const perf_data::Reader& reader, const tracepoint::Catalog* catalog, const std::function<void()>& on_event);
  CtfSource(const CtfSource&) = delete;
  CtfSource(CtfSource&&) = delete;
  CtfSource& operator=(const CtfSource&) = delete;
  CtfSource& operator=(CtfSource&&) = delete;
  ~CtfSource();

  /// Makes the classes; before the first message.
  [[nodiscard]] bool build(bt_self_component* component);

  /// Hands out the next messages, none at the end.
  [[nodiscard]] bool next(bt_self_message_iterator* iterator, bt_message_array_const messages, std::uint64_t capacity,
                          std::uint64_t& count);

  [[nodiscard]] const CtfCounts& counts() const { return counts_; }

 private:
  /// A kind of event in the trace.
  struct EventClass {
    Reference<bt_event_class> event;
    const CtfFields* fields = nullptr;  ///< Null: none that could be read.
  };

  /// What is known of the samples of one attr, or of one tracepoint.
  struct Kind {
    std::string name;
    const tracepoint::Format* format = nullptr;
    std::optional<CtfFields> fields;
    EventClass plain;
    std::map<std::string, EventClass> by_call;  ///< Of raw_syscalls: each call is a kind of event in LTTng.
    std::optional<tracepoint::IntegerField> call_number;
  };

  struct Stream {
    Reference<bt_stream> stream;
    Reference<bt_packet> packet;
    std::uint64_t events = 0;  // in the packet
  };

  /// Priorities that switches and wake-ups tell.
  struct Priority {
    std::uint16_t id = 0;
    tracepoint::IntegerField tid;
    tracepoint::IntegerField prio;
  };

  [[nodiscard]] bool make_trace(bt_self_component* component);
  [[nodiscard]] bool make_stream_class(bt_self_component* component);
  [[nodiscard]] bool set_environment();
  void make_kinds(const tracepoint::Catalog* catalog);
  void add_kind(const std::string& name, const tracepoint::Format* format);
  void add_priority(const tracepoint::Format& format, const char* tid, const char* prio);

  [[nodiscard]] Kind& kind_of(const perf_data::Record& record);
  [[nodiscard]] EventClass* class_of(Kind& kind, const perf_data::Record& record);
  [[nodiscard]] EventClass* made(EventClass& event_class, const std::string& name, const CtfFields* fields);
  [[nodiscard]] bool make_class(EventClass& event_class, const std::string& name, const CtfFields* fields);

  [[nodiscard]] bool pull(bt_self_message_iterator* iterator);
  [[nodiscard]] bool take(bt_self_message_iterator* iterator, const perf_data::Record& record);
  [[nodiscard]] Stream* stream_of(bt_self_message_iterator* iterator, const perf_data::Record& record);
  [[nodiscard]] bool begin_packet(bt_self_message_iterator* iterator, Stream& stream, std::uint32_t cpu);
  [[nodiscard]] bool end_packet(bt_self_message_iterator* iterator, Stream& stream);
  [[nodiscard]] bool end_streams(bt_self_message_iterator* iterator);
  [[nodiscard]] bool set_context(bt_event* event, const perf_data::Record& record);
  void note_priorities(const perf_data::Record& record);
  [[nodiscard]] bool queue(const bt_message* message);

  const perf_data::Reader& reader_;
  const std::function<void()>& on_event_;
  perf_data::ByteOrder byte_order_;
  perf_data::RecordStream records_;
  perf_data::TaskNames names_;

  Reference<bt_trace_class> trace_class_;
  Reference<bt_clock_class> clock_;
  Reference<bt_stream_class> stream_class_;
  Reference<bt_trace> trace_;
  std::deque<Kind> kinds_;  // by attr, then of what no attr explains; where they are, since classes point at fields
  std::string recorded_events_;
  std::size_t attrs_ = 0;
  std::vector<Priority> priorities_;
  std::unordered_map<std::int32_t, std::int32_t> prio_of_;  // by thread
  std::map<std::uint32_t, Stream> streams_;                 // by CPU
  std::deque<const bt_message*> waiting_;
  std::uint64_t last_ns_ = 0;
  bool has_ended_ = false;
  CtfCounts counts_;
};

}  // namespace sockscope
