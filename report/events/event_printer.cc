#include "report/events/event_printer.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "report/events/text_buffer.h"

namespace sockscope {
namespace {

class Printer {
 public:
  Printer(EventSource& source, EventStyle style, const EventSink& sink) : source_(source), style_(style), sink_(sink) {}

  void work() {
    EventWriter writer(style_);
    TextBuffer lines;
    std::vector<PrintableEvent> batch;
    while (true) {
      const std::uint64_t turn = pull(batch);
      if (batch.empty()) break;
      lines.clear();
      for (const PrintableEvent& event : batch) writer.write(event, lines);
      if (!hand_over(turn, lines.text())) break;
    }
    const std::lock_guard lock(turn_mutex_);
    undecoded_ += writer.undecoded();
  }

  [[nodiscard]] Result<std::uint64_t> result() const {
    return error_ ? Result<std::uint64_t>(std::unexpected(*error_)) : undecoded_;
  }

 private:
  // The place of the batch among all.
  std::uint64_t pull(std::vector<PrintableEvent>& batch) {
    const std::lock_guard lock(source_mutex_);
    source_.pull(batch);
    return batches_++;
  }

  // Waits for its turn. False: it is over.
  bool hand_over(std::uint64_t turn, std::string_view lines) {
    std::unique_lock lock(turn_mutex_);
    turn_begins_.wait(lock, [&] { return turn_ == turn || is_over_; });
    if (is_over_) return false;
    lock.unlock();
    const auto goes_on = sink_(lines);
    lock.lock();
    ++turn_;
    is_over_ = !goes_on || !*goes_on;
    if (!goes_on) error_ = goes_on.error();
    turn_begins_.notify_all();
    return !is_over_;
  }

  EventSource& source_;
  const EventStyle style_;
  const EventSink& sink_;

  std::mutex source_mutex_;
  std::uint64_t batches_ = 0;

  std::mutex turn_mutex_;
  std::condition_variable turn_begins_;
  std::uint64_t turn_ = 0;
  bool is_over_ = false;
  std::optional<Error> error_;
  std::uint64_t undecoded_ = 0;
};

}  // namespace

Result<std::uint64_t> print_events(EventSource& source, EventStyle style, unsigned threads, const EventSink& sink) {
  const auto header = EventWriter::header(style);
  if (!header.empty()) {
    const auto goes_on = sink(header);
    if (!goes_on) return std::unexpected(goes_on.error());
    if (!*goes_on) return 0;
  }
  Printer printer(source, style, sink);
  {
    std::vector<std::jthread> others;
    for (unsigned thread = 1; thread < threads; ++thread) others.emplace_back([&] { printer.work(); });
    printer.work();
  }
  return printer.result();
}

}  // namespace sockscope
