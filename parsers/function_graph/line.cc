#include "parsers/function_graph/line.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace sockscope::function_graph {
namespace {

constexpr std::uint32_t kMaxCpu = 65'535;
constexpr std::size_t kMaxName = 640;  // KSYM_NAME_LEN 512, and a module's
constexpr unsigned kIndent = 2;        // TRACE_GRAPH_INDENT

constexpr std::string_view kBlanks = " \t\r";
constexpr std::string_view kDigits = "0123456789";

bool is_blank(char character) { return character == ' ' || character == '\t' || character == '\r'; }
bool is_digit(char character) { return character >= '0' && character <= '9'; }

// By hand: std::string_view's searches for any of several characters call a function for each character of the text,
// and most of a line is blanks.
std::string_view trim_front(std::string_view text) {
  std::size_t blanks = 0;
  while (blanks < text.size() && is_blank(text[blanks])) ++blanks;
  return text.substr(blanks);
}

std::string_view trim_back(std::string_view text) {
  std::size_t size = text.size();
  while (size > 0 && is_blank(text[size - 1])) --size;
  return text.substr(0, size);
}

std::string_view trim(std::string_view text) { return trim_back(trim_front(text)); }

/// How many digits it begins with.
std::size_t count_digits(std::string_view text) {
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  return count;
}

template <class Number>
bool parse_number(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() && !text.empty();
}

/// "comm-123": comm may hold anything, the last dash too.
std::optional<std::int32_t> pid_of(std::string_view task) {
  task = trim(task);
  const std::size_t dash = task.rfind('-');
  std::int32_t pid = 0;
  if (dash == std::string_view::npos || dash == 0 || !parse_number(task.substr(dash + 1), pid)) return std::nullopt;
  return pid < 0 ? std::nullopt : std::optional(pid);
}

/// "12.345678", of any number of digits behind the point.
bool is_time(std::string_view text) {
  const std::size_t point = count_digits(text);
  return point != 0 && point + 1 < text.size() && text[point] == '.' &&
         count_digits(text.substr(point + 1)) == text.size() - point - 1;
}

/// "37.580 us", "12345.67 us": seven digits, but never fewer than those of the microseconds. False: it is none.
bool parse_duration(std::string_view text, Line& line) {
  constexpr std::uint64_t most_us = 1'000'000'000'000;  // eleven days
  if (!text.ends_with("us")) return false;
  text = trim(text.substr(0, text.size() - 2));
  const std::size_t point = std::min(text.find('.'), text.size());
  std::uint64_t us = 0;
  if (!parse_number(text.substr(0, point), us) || us > most_us) return false;
  const std::string_view fraction = text.substr(std::min(point + 1, text.size()));
  std::uint64_t ns = 0;
  std::uint64_t resolution = 1000;
  if (fraction.size() > 3 || (point < text.size() && fraction.empty())) return false;
  for (const char digit : fraction) {
    if (digit < '0' || digit > '9') return false;
    resolution /= 10;
    ns += static_cast<std::uint64_t>(digit - '0') * resolution;
  }
  line.duration_ns = us * 1000 + ns;
  line.resolution_ns = resolution;
  return true;
}

/// `irqs-off need-resched hardirq/softirq preempt-depth [migrate-disable]` of the latency format.
bool is_latency(std::string_view text) {
  constexpr std::size_t fewest = 4;
  constexpr std::size_t most = 8;
  return text.size() >= fewest && text.size() <= most &&
         text.find_first_not_of(".dDNnpPLlBbXhHzZs0123456789abcdef") == std::string_view::npos;
}

enum class Column : std::uint8_t { kNone, kDuration, kInterrupt, kInterruptEnd, kOther };

/// What stands before a '|', read into the line.
Column read_column(std::string_view text, Line& line) {
  constexpr std::string_view marks = "+!#*@$";
  std::string_view content = trim(text);
  if (content.empty()) return Column::kDuration;
  if (content == "==========>") return Column::kInterrupt;
  if (content == "<==========") return Column::kInterruptEnd;
  if (is_time(content)) return Column::kOther;
  if (marks.contains(content.front())) content = trim_front(content.substr(1));
  if (parse_duration(content, line)) return Column::kDuration;
  if (const auto pid = pid_of(content)) {
    line.pid = pid;
    return Column::kOther;
  }
  return is_latency(content) ? Column::kOther : Column::kNone;
}

/// " 0) ", in front of what follows.
bool take_cpu(std::string_view& text, Line& line) {
  const std::string_view rest = trim_front(text);
  const std::size_t digits = count_digits(rest);
  std::uint32_t cpu = 0;
  if (digits == rest.size() || rest[digits] != ')' || !parse_number(rest.substr(0, digits), cpu) || cpu > kMaxCpu) {
    return false;
  }
  line.cpu = cpu;
  text = rest.substr(digits + 1);
  return true;
}

/// `} /* f ret=0x0 */`, `} /* f = 0x0 */`, `} /* = 0x0 */`, `} /* f */`: f.
std::string_view name_in_comment(std::string_view text) {
  text = trim(text);
  if (!text.starts_with("/*")) return {};
  text.remove_prefix(2);
  text = text.substr(0, text.find("*/"));
  text = text.substr(0, std::min({text.find(" ret="), text.find(" = "), text.find("<-")}));
  text = trim(text);
  return text.starts_with("ret=") || text.starts_with('=') ? std::string_view() : text;
}

/// `f [module]`: one word, or two of which the second is in brackets.
bool is_name(std::string_view name) {
  if (name.empty() || name.size() > kMaxName) return false;
  const std::size_t blank = std::min(name.find_first_of(kBlanks), name.size());
  const std::string_view module = trim_front(name.substr(blank));
  return module.empty() || (module.size() > 2 && module.starts_with('[') && module.ends_with(']') &&
                            module.find_first_of(kBlanks) == std::string_view::npos);
}

Line::Kind read_call(std::string_view text, Line& line) {
  const std::size_t open = text.find('(');
  if (open == std::string_view::npos) return Line::Kind::kUnreadable;
  line.name = trim(text.substr(0, open));
  if (!is_name(line.name)) return Line::Kind::kUnreadable;
  // Arguments may hold anything (funcgraph-args): what ends them first decides.
  const std::size_t leaf = text.find(");", open);
  const std::size_t nested = text.find(") {", open);
  if (leaf == std::string_view::npos && nested == std::string_view::npos) return Line::Kind::kUnreadable;
  return leaf < nested ? Line::Kind::kLeaf : Line::Kind::kEnter;
}

/// What is behind the columns: "    f() {".
void read_body(std::string_view text, bool is_behind_bar, Line& line) {
  const std::size_t blanks = std::min(text.find_first_not_of(' '), text.size());
  const std::string_view body = trim(text.substr(blanks));
  const std::size_t before = is_behind_bar ? kIndent : 1;
  const std::size_t depth = (blanks - std::min(before, blanks)) / kIndent;
  if (body.empty() || depth > kMaxDepth) {
    line.kind = Line::Kind::kUnreadable;
    return;
  }
  line.depth = static_cast<unsigned>(depth);
  if (body.starts_with("/*")) {
    line.kind = Line::Kind::kComment;
  } else if (body.starts_with('}')) {
    line.kind = Line::Kind::kExit;
    line.name = name_in_comment(body.substr(1));
    if (!line.name.empty() && !is_name(line.name)) line.kind = Line::Kind::kUnreadable;
  } else {
    line.kind = read_call(body, line);
  }
}

/// `[mark] [duration] |  body`, and columns before. `seen` if any column was there already.
void read_columns(std::string_view text, bool seen, Line& line) {
  while (true) {
    const std::size_t bar = text.find('|');
    const Column column = bar == std::string_view::npos ? Column::kNone : read_column(text.substr(0, bar), line);
    if (column == Column::kNone) break;
    seen = true;
    text.remove_prefix(bar + 1);
    if (column == Column::kInterrupt || column == Column::kInterruptEnd) {
      line.kind = column == Column::kInterrupt ? Line::Kind::kInterrupt : Line::Kind::kInterruptEnd;
      return;
    }
    if (column == Column::kDuration) {
      read_body(text, true, line);
      return;
    }
    take_cpu(text, line);
  }
  if (seen) {
    read_body(text, false, line);
  } else {
    line.kind = Line::Kind::kUnreadable;
  }
}

/// `a-1 => b-2`.
bool read_switch(std::string_view text, Line& line) {
  const std::size_t arrow = text.find("=> ");
  if (arrow == std::string_view::npos) return false;
  const auto from = pid_of(text.substr(0, arrow));
  const auto to = pid_of(text.substr(arrow + 2));
  if (!from || !to) return false;
  line.kind = Line::Kind::kSwitch;
  line.pid = from;
  line.next_pid = *to;
  return true;
}

/// `CPU:0 [LOST 123 EVENTS]`, `CPU:0 [LOST EVENTS]`; trace-cmd's `CPU:0 [123 EVENTS DROPPED]`, `CPU:0 [EVENTS
/// DROPPED]`.
bool read_lost(std::string_view text, Line& line) {
  constexpr std::string_view start = "CPU:";
  const std::size_t bracket = text.find(" [");
  if (!text.starts_with(start) || bracket == std::string_view::npos || !text.ends_with(']')) return false;
  std::uint32_t cpu = 0;
  if (!parse_number(text.substr(start.size(), bracket - start.size()), cpu) || cpu > kMaxCpu) return false;
  const std::string_view words = text.substr(bracket + 2, text.size() - bracket - 3);
  if (!words.ends_with("EVENTS") && !words.ends_with("EVENTS DROPPED")) return false;
  const std::size_t digit = std::min(words.find_first_of(kDigits), words.size());
  const std::string_view number = words.substr(digit, words.find_first_not_of(kDigits, digit) - digit);
  line.kind = Line::Kind::kLost;
  line.cpu = cpu;
  return number.empty() || (parse_number(number, line.lost) && line.lost <= std::uint64_t{1} << 48U);
}

/// `comm-1 [000] flags 12.345: event: ...`: where the event's name begins, and whose and where it was.
std::size_t event_at(std::string_view text, Line& line) {
  const std::size_t bracket = text.find(" [");
  const std::size_t end = bracket == std::string_view::npos ? bracket : text.find(']', bracket);
  if (end == std::string_view::npos) return end;
  std::uint32_t cpu = 0;
  const auto pid = pid_of(text.substr(0, bracket));
  if (!pid || !parse_number(text.substr(bracket + 2, end - bracket - 2), cpu) || cpu > kMaxCpu) {
    return std::string_view::npos;
  }
  const std::size_t colon = text.find(": ", end);
  if (colon == std::string_view::npos) return colon;
  const std::string_view before = trim(text.substr(end + 1, colon - end - 1));
  if (!is_time(before.substr(before.find_last_of(kBlanks) + 1))) return std::string_view::npos;
  line.pid = pid;
  line.cpu = cpu;
  return colon + 2;
}

void read_event(std::string_view text, Line& line) {
  constexpr std::string_view entry = "funcgraph_entry:";
  constexpr std::string_view exit = "funcgraph_exit:";
  text = trim_front(text);
  if (text.starts_with(entry)) {
    read_columns(text.substr(entry.size()), true, line);
  } else if (text.starts_with(exit)) {
    read_columns(text.substr(exit.size()), true, line);
  } else {
    line.kind = text.contains(" <-") ? Line::Kind::kFunction : Line::Kind::kEvent;
  }
}

Line read_heading(std::string_view text) {
  constexpr std::string_view tracer = "# tracer: ";
  if (!text.starts_with(tracer)) return {};
  Line line;
  line.kind = Line::Kind::kTracer;
  line.name = trim(text.substr(tracer.size()));
  return line;
}

bool is_rule(std::string_view text) { return text.find_first_not_of('-') == std::string_view::npos; }

/// `##### CPU 1 buffer started ####`, and trace-cmd's `cpus=2`.
bool is_notice(std::string_view text) { return text.starts_with("#####") || text.starts_with("cpus="); }

}  // namespace

Line parse_line(std::string_view text) {
  const std::string_view content = trim(text);
  if (content.empty() || is_rule(content) || is_notice(content)) return {};
  if (content.starts_with('#')) return read_heading(content);
  Line line;
  if (read_lost(content, line)) return line;
  if (const std::size_t at = event_at(text, line); at != std::string_view::npos) {
    read_event(text.substr(at), line);
    return line;
  }
  std::string_view rest = trim_back(text);
  const bool has_cpu = take_cpu(rest, line);
  if (has_cpu && read_switch(rest, line)) return line;
  if (!has_cpu && read_switch(rest, line)) return line;
  read_columns(rest, has_cpu, line);
  return line;
}

}  // namespace sockscope::function_graph
