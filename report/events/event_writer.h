#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/perf_data/record.h"
#include "report/events/event_plan.h"
#include "report/events/text_buffer.h"

namespace sockscope {

/// A sample on its way to a line: what its record says, how to print it, and what its thread was called then.
struct PrintableEvent {
  std::uint64_t time_ns = 0;
  const EventPlan* plan = nullptr;
  perf_data::Bytes payload;
  std::string_view comm;  ///< data() null: the thread has no name (TaskNames).
  std::uint32_t cpu = perf_data::kNoCpu;
  std::int32_t pid = perf_data::kNoTask;
  std::int32_t tid = perf_data::kNoTask;
};

/// Turns events into lines, each with its line feed. One for each thread: it keeps what it needs to write quickly.
class EventWriter {
 public:
  explicit EventWriter(EventStyle style) : style_(style), threads_(kThreads) {}

  void write(const PrintableEvent& event, TextBuffer& out);

  /// The line before the first event; empty in styles that have none.
  [[nodiscard]] static std::string_view header(EventStyle style);

  /// Tracepoint events written so far whose fields could not be read.
  [[nodiscard]] std::uint64_t undecoded() const noexcept { return undecoded_; }

 private:
  static constexpr std::size_t kThreads = 256;  // a power of two

  // A thread as its lines have it, kept because the next event is likely to be of one of the last threads.
  struct Thread {
    const char* comm = nullptr;  // where it lies, which says what it is: recordings do not change
    std::size_t comm_size = 0;
    std::int32_t pid = 0;
    std::int32_t tid = 0;
    Literal text;
  };

  template <EventStyle Style>
  void write_thread(const PrintableEvent& event, std::size_t room, TextBuffer& out);
  void write_time(std::uint64_t time_ns, TextBuffer& out);

  template <EventStyle Style>
  void write_fields(const EventPlan& plan, const std::vector<FieldPlan>& fields, perf_data::Bytes payload,
                    TextBuffer& out);
  template <EventStyle Style>
  void write_value(const FieldPlan& field, perf_data::Bytes payload, std::size_t room, TextBuffer& out);
  template <EventStyle Style>
  void write_bytes(const FieldPlan& field, perf_data::Bytes bytes, std::size_t room, TextBuffer& out);

  void write_names(const EventPlan& plan, perf_data::Bytes payload, TextBuffer& out);
  [[nodiscard]] bool is_readable(const PrintableEvent& event);
  void write_text(const PrintableEvent& event, TextBuffer& out);
  void write_json(const PrintableEvent& event, TextBuffer& out);
  void write_csv(const PrintableEvent& event, TextBuffer& out);

  EventStyle style_;
  std::vector<Thread> threads_;  // by the last bits of the tid
  std::uint64_t second_ = ~std::uint64_t{0};
  Literal second_text_;  // of second_: "   12."
  std::uint64_t undecoded_ = 0;
  std::string scratch_;         // names that have to be put together
  std::size_t bytes_left_ = 0;  // of the event's texts and arrays: together they are no longer than its payload
};

}  // namespace sockscope
