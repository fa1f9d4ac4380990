#pragma once

#include <babeltrace2/babeltrace.h>

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "parsers/ctf/event_layout.h"
#include "parsers/ctf/record_writer.h"

namespace sockscope::ctf {

/// Turns babeltrace2's messages, in order of time, into records.
class Transcriber {
 public:
  /// `most_events`: more than that many cannot be in the trace's files.
  Transcriber(RecordWriter& writer, std::uint64_t most_events) : writer_(writer), most_events_(most_events) {}

  /// The next message. kInput, without a name, when it says what no kernel's trace does.
  Result<> take(const bt_message* message);

  /// When there are no more messages. kInput, without a name, when what began has not ended.
  Result<> finish();

 private:
  struct Class {
    EventLayout layout;
    std::uint16_t id = 0;  ///< Of its format; those that mean the same share one.
  };

  Result<> begin_stream(const bt_message* message);
  Result<> describe(const bt_stream* stream);
  [[nodiscard]] Origin origin_of(const bt_clock_class* clock) const;
  Result<> add_class(const bt_event_class* event_class, std::vector<WrittenFormat>& formats);
  void add_recorded(std::vector<WrittenFormat>& formats) const;
  void begin_packet(const bt_message* message);
  Result<> take_event(const bt_message* message);
  Result<> take_lost(const bt_message* message, bool are_packets);
  Result<> name_thread(const Moment& at, std::string_view name);
  [[nodiscard]] Result<std::uint64_t> time_of(const bt_clock_snapshot* snapshot) const;
  [[nodiscard]] Moment moment_of(const Class& one, const bt_event* event, std::uint32_t cpu) const;
  [[nodiscard]] std::string environment_text(const char* name) const;
  [[nodiscard]] bool is_our_export() const;
  [[nodiscard]] bool is_of_lttng() const;

  RecordWriter& writer_;
  std::uint64_t most_events_;
  std::uint64_t events_ = 0;
  const bt_trace* trace_ = nullptr;
  std::int64_t open_ = 0;  // streams and packets that have begun
  bool wakeup_is_waking_ = false;
  std::int64_t clock_offset_ns_ = 0;
  std::uint64_t last_ns_ = 0;
  std::unordered_map<const bt_event_class*, Class> classes_;
  std::unordered_map<std::string, std::uint16_t> ids_;  // of formats, by system and by text as that of id 0
  std::unordered_map<const bt_stream*, std::uint32_t> cpu_of_;
  std::unordered_map<std::uint32_t, std::int32_t> running_;  // by CPU, as sched_switch says
  std::unordered_map<std::int32_t, std::string> names_;      // by thread, as last written
  std::string payload_;
};

}  // namespace sockscope::ctf
