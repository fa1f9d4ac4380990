#include "parsers/function_graph/text_reader.h"

#include <algorithm>

namespace sockscope::function_graph {
namespace {

// Arguments and events in comments make lines of some hundred bytes.
constexpr std::size_t kLongestLine = std::size_t{64} * 1024;

// Above all thread ids and below idle tasks (lane_of_task), so that no task is mistaken for another.
constexpr Lane kFirstOfCpu = Lane{1} << 40U;

}  // namespace

Result<> TextReader::read(std::string_view piece) {
  while (!piece.empty()) {
    const std::size_t end = piece.find('\n');
    const std::string_view part = piece.substr(0, end);
    piece.remove_prefix(std::min(part.size() + 1, piece.size()));
    const bool is_whole = end != std::string_view::npos;
    if (!is_skipping_ && rest_.size() + part.size() > kLongestLine) {
      is_skipping_ = true;
      rest_.clear();
      ++facts_.lines;
      ++facts_.unreadable;
      if (facts_.first_unreadable == 0) facts_.first_unreadable = facts_.lines;
    }
    if (is_skipping_) {
      is_skipping_ = !is_whole;
      continue;
    }
    if (!is_whole) {
      rest_ += part;
      return {};
    }
    auto done = rest_.empty() ? read_line(part) : read_line(rest_ += part);
    if (!done) return done;
    rest_.clear();
  }
  return {};
}

Result<> TextReader::finish() {
  if (!rest_.empty()) {
    if (auto done = read_line(rest_); !done) return done;
    rest_.clear();
  }
  return verdict();
}

Result<> TextReader::verdict() const {
  if (calls_ != 0) return {};
  if (function_lines_ != 0) {
    return fail(ErrorKind::kInput,
                "is text of ftrace's function tracer, which has no durations: trace with function_graph instead "
                "(echo function_graph > /sys/kernel/tracing/current_tracer)");
  }
  if (event_lines_ != 0) {
    return fail(ErrorKind::kInput,
                "is text of ftrace's events, which does not say what their fields mean: record them with "
                "trace-cmd record (trace.dat) or perf record");
  }
  return fail(
      ErrorKind::kInput,
      "not a perf.data file, and as text it has no call in it as ftrace's function_graph tracer prints them ({} lines)",
      facts_.lines);
}

Result<> TextReader::read_line(std::string_view text) {
  ++facts_.lines;
  const Line line = parse_line(text);
  if (line.kind == Line::Kind::kTracer && line.name != "function_graph" && line.name != "nop") {
    if (line.name == "function") ++function_lines_;
    return line.name == "function"
               ? verdict()
               : fail(ErrorKind::kInput, "is text of ftrace's {} tracer: only function_graph says how long calls take",
                      line.name.substr(0, 40));
  }
  count(line);
  if (line.kind == Line::Kind::kSwitch) read_switch(line);
  const bool is_exit = line.kind == Line::Kind::kExit;
  if (is_exit || line.kind == Line::Kind::kEnter || line.kind == Line::Kind::kLeaf) read_call(line);
  return {};
}

void TextReader::count(const Line& line) {
  if (line.cpu && line.kind != Line::Kind::kUnreadable) facts_.cpus.insert(*line.cpu);
  switch (line.kind) {
    case Line::Kind::kUnreadable:
      ++facts_.unreadable;
      if (facts_.first_unreadable == 0) facts_.first_unreadable = facts_.lines;
      break;
    case Line::Kind::kLost:
      facts_.lost_events += line.lost;
      if (line.lost == 0) ++facts_.losses_uncounted;
      break;
    case Line::Kind::kSwitch:
      ++facts_.switches;
      break;
    case Line::Kind::kInterrupt:
      ++facts_.interrupts;
      break;
    case Line::Kind::kFunction:
      ++function_lines_;
      break;
    case Line::Kind::kEvent:
      ++event_lines_;
      ++facts_.comments;
      break;
    case Line::Kind::kComment:
      ++facts_.comments;
      break;
    default:
      break;
  }
}

Lane TextReader::lane_of(std::int32_t pid, std::uint32_t number) const {
  if (pid == 0) {
    const auto cpu = cpus_.find(number);
    if (cpu != cpus_.end() && cpu->second.began_idle) return kFirstOfCpu + number;
  } else if (const auto first = first_tasks_.find(pid); first != first_tasks_.end()) {
    return first->second;
  }
  return lane_of_task(pid, number);
}

Lane TextReader::lane_of(const Line& line) {
  const std::uint32_t number = line.cpu.value_or(0);
  Cpu& cpu = cpus_[number];
  if (line.pid) {
    cpu.has_task = true;
    cpu.task = lane_of(*line.pid, number);
  }
  return cpu.has_task ? cpu.task : kFirstOfCpu + number;
}

void TextReader::read_switch(const Line& line) {
  const std::uint32_t number = line.cpu.value_or(0);
  Cpu& cpu = cpus_[number];
  // What was on the CPU until now is the task that it goes from.
  if (!cpu.has_task) {
    cpu.began_idle = *line.pid == 0;
    if (!cpu.began_idle) first_tasks_.try_emplace(*line.pid, kFirstOfCpu + number);
  }
  cpu.has_task = true;
  cpu.task = lane_of(line.next_pid, number);
}

void TextReader::read_call(const Line& line) {
  ++calls_;
  FunctionEvent event{.kind = FunctionEvent::Kind::kEnter,
                      .lane = lane_of(line),
                      .depth = line.depth,
                      .name = line.name,
                      .duration_ns = std::nullopt,
                      .resolution_ns = line.resolution_ns};
  if (line.kind != Line::Kind::kExit) sink_(event);
  if (line.kind == Line::Kind::kEnter) return;
  event.kind = FunctionEvent::Kind::kExit;
  event.duration_ns = line.duration_ns;
  sink_(event);
}

}  // namespace sockscope::function_graph
