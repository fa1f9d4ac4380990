#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/printable.h"
#include "report/call_order.h"
#include "report/call_report.h"

/// The reports of calls that are lines for other programs.
namespace sockscope {
namespace {

/// RFC 4180: a name may hold anything.
std::string csv_cell(std::string_view text) {
  std::string cell = printable(text);
  if (cell.find_first_of(",\"") == std::string::npos) return cell;
  for (std::size_t at = 0; (at = cell.find('"', at)) != std::string::npos; at += 2) cell.insert(at, 1, '"');
  return fmt::format("\"{}\"", cell);
}

/// Semicolons end a frame.
std::string frame_of(std::string_view name) {
  std::string frame = printable(name);
  std::ranges::replace(frame, ';', ':');
  return frame;
}

class Stacks {
 public:
  Stacks(const CallTree& tree, const std::function<void(std::string_view)>& sink) : tree_(tree), sink_(sink) {}

  void add(std::size_t node) {  // NOLINT(misc-no-recursion): as deep as a kernel stack
    const std::size_t above = stack_.size();
    for (const std::size_t child : children_by_time(tree_, node)) {
      const CallNode& one = tree_.nodes[child];
      if (above != 0) stack_ += ';';
      stack_ += frame_of(name_of(tree_, one));
      const std::int64_t weight = tree_.has_times() ? one.self_ns : static_cast<std::int64_t>(one.calls);
      if (weight > 0) sink_(fmt::format("{} {}\n", stack_, weight));
      add(child);
      stack_.resize(above);
    }
  }

 private:
  const CallTree& tree_;
  const std::function<void(std::string_view)>& sink_;
  std::string stack_;
};

}  // namespace

std::string render_call_csv(const CallReport& report) {
  std::string lines = "function,calls,timed,self_ns,total_ns,min_ns,max_ns,unclosed\n";
  for (const CalledFunction* const one : by_self_time(report.trace.tree)) {
    fmt::format_to(std::back_inserter(lines), "{},{},{},{},{},{},{},{}\n", csv_cell(one->name), one->calls, one->timed,
                   one->self_ns, one->total_ns, one->min_ns, one->max_ns, one->unclosed);
  }
  return lines;
}

void write_call_stacks(const CallReport& report, const std::function<void(std::string_view)>& sink) {
  Stacks(report.trace.tree, sink).add(0);
}

}  // namespace sockscope
