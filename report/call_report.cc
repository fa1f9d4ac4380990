#include "report/call_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/printable.h"
#include "report/call_order.h"
#include "report/numbers.h"
#include "report/page.h"

namespace sockscope {
namespace {

constexpr std::size_t kShownFunctions = 30;
constexpr std::uint64_t kShownShare = 1000;  // of all time: less is summed up

Page new_page(const TableOptions& options) {
  return {static_cast<std::size_t>(std::max(options.width, kMinTableWidth)), Style(options.colour)};
}

/// "12.37 us"; from a second on the number has a unit of its own.
std::string time_words(std::uint64_t ns) {
  const std::string number = format_us(static_cast<double>(ns));
  return number.find(' ') == std::string::npos ? number + " us" : number;
}

std::string cpus_words(const std::vector<std::uint32_t>& cpus) {
  if (cpus.empty()) return "the trace does not say on which CPUs";
  constexpr std::size_t listed = 16;
  if (cpus.size() > listed) return fmt::format("{} CPUs", cpus.size());
  return fmt::format("{} {}", cpus.size() == 1 ? "CPU" : "CPUs", fmt::join(cpus, ", "));
}

void add_head(Page& page, const CallReport& report) {
  const CallTree& tree = report.trace.tree;
  page.heading("sockscope report", fmt::format("{}: {}", report.path, report.trace.form));
  std::string text = fmt::format("{} calls of {} functions, {}", format_count(tree.calls),
                                 format_count(by_self_time(tree).size()), cpus_words(report.trace.cpus));
  if (tree.has_times()) text += fmt::format("; outermost calls take {} together", time_words(tree.outermost_ns));
  page.text(text, "", "  ");
  if (!tree.has_times() && tree.calls != 0) {
    page.warning(
        "The trace has no durations: calls can be counted, not timed (echo funcgraph-duration > trace_options).");
  }
}

/// What makes figures smaller than they were: each with its number and what it means.
std::vector<std::string> doubts_of(const CallTrace& trace) {
  const CallTree& tree = trace.tree;
  std::vector<std::string> doubts;
  const auto add = [&doubts](std::string_view what, std::uint64_t count, std::string_view words) {
    if (count != 0) doubts.push_back(fmt::format("{}: {}{}", what, format_count(count), words));
  };
  add("events lost while it was traced", trace.lost_events, "; calls are missing");
  add("losses that the kernel did not count", trace.losses_uncounted, "; calls are missing");
  add("calls without an end", tree.unclosed, "; they count nowhere, calls within them do");
  add("ends without a begin", tree.unopened, "; they count nowhere");
  if (trace.first_unreadable == 0) {
    add("events or pages that cannot be read", trace.unreadable, "");
  } else {
    add("lines that cannot be read", trace.unreadable, fmt::format("; the first is line {}", trace.first_unreadable));
  }
  add("calls of functions beyond those that are kept", tree.calls_of_others, "; they are one, [other functions]");
  add("calls by ways beyond those that are kept", tree.calls_by_others, "; in the tree they are one");
  return doubts;
}

void add_quality(Page& page, const CallTrace& trace) {
  const auto doubts = doubts_of(trace);
  page.heading("DATA QUALITY", doubts.empty() ? "complete" : "INCOMPLETE");
  for (const std::string& doubt : doubts) page.text(doubt, "  ", "    ");
  std::vector<std::string> items;
  const auto add = [&items](std::string_view name, std::uint64_t count) {
    if (count != 0) items.push_back(fmt::format("{}: {}", name, format_count(count)));
  };
  add("context switches", trace.switches);
  add("interrupts (what they call is called by what they interrupted)", trace.interrupts);
  add("other events and comments", trace.other_events);
  if (!items.empty()) page.items(items);
}

void add_laws(Page& page, const CallTrace& trace) {
  const auto laws = laws_of(trace);
  if (laws.empty()) return;
  const auto failing = std::ranges::count_if(laws, [](const Law& law) { return !law.holds; });
  page.heading("LAWS", failing == 0 ? fmt::format("all {} hold", laws.size())
                                    : fmt::format("{} of {} FAIL", failing, laws.size()));
  for (const Law& law : laws) {
    const std::string line = fmt::format("{}: {}", law.name, law.detail);
    if (law.holds) {
      page.text(line, "  ok     ", "         ");
    } else {
      page.failure(line, "  FAILS  ", "         ");
    }
  }
}

Grid functions_grid(const CallTree& tree, std::span<const CalledFunction* const> functions) {
  constexpr std::size_t label_width = 40;
  if (!tree.has_times()) {
    Grid grid(label_width, {{.title = "calls"}});
    for (const CalledFunction* const one : functions) {
      grid.add_row("  " + printable(one->name), {{.text = format_count(one->calls)}});
    }
    return grid;
  }
  Grid grid(label_width, {{.title = "calls", .width = 9},
                          {.title = "self us", .width = 11},
                          {.title = "self", .width = 8},
                          {.title = "total us", .width = 11},
                          {.title = "mean us", .width = 10},
                          {.title = "max us", .width = 10}});
  for (const CalledFunction* const one : functions) {
    const auto self = static_cast<std::uint64_t>(std::max<std::int64_t>(one->self_ns, 0));
    // A mean is of calls, also of those that lie within another of the same function.
    grid.add_row("  " + printable(one->name),
                 {{.text = format_count(one->calls)},
                  {.text = format_us(static_cast<double>(one->self_ns)), .doubtful = one->self_ns < 0},
                  {.text = format_percent(self, tree.outermost_ns)},
                  {.text = format_us(static_cast<double>(one->total_ns))},
                  {.text = one->timed == 0 ? "-" : format_us(one->mean_ns())},
                  {.text = one->timed == 0 ? "-" : format_us(static_cast<double>(one->max_ns))}});
  }
  return grid;
}

void add_functions(Page& page, const CallTree& tree) {
  const auto functions = by_self_time(tree);
  const std::size_t shown = std::min(kShownFunctions, functions.size());
  page.heading("FUNCTIONS", tree.has_times() ? "by their own time, without that of calls that they made"
                                             : "by how often they were called");
  page.grid(functions_grid(tree, std::span(functions).first(shown)));
  if (shown < functions.size()) {
    page.text(fmt::format("and {} more: --format csv has all", format_count(functions.size() - shown)), "  ", "  ");
  }
}

/// The lines of the tree under a node.
class TreeLines {
 public:
  explicit TreeLines(const CallTree& tree)
      : tree_(tree), least_ns_(tree.has_times() ? tree.outermost_ns / kShownShare : 0) {}

  std::string render() {
    lines_ = fmt::format("{:>12} {:>12} {:>9}  {}\n", tree_.has_times() ? "total us" : "",
                         tree_.has_times() ? "self us" : "", "calls", "function");
    add_children(0, 0);
    return std::move(lines_);
  }

 private:
  struct Rest {
    std::size_t ways = 0;
    std::uint64_t calls = 0;
    std::uint64_t total_ns = 0;
  };

  void add_children(std::size_t node, unsigned depth) {  // NOLINT(misc-no-recursion): as deep as the kernel's stack
    Rest rest;
    for (const std::size_t child : children_by_time(tree_, node)) {
      const CallNode& one = tree_.nodes[child];
      // What never ended has no time of its own, but what it called may.
      if (one.total_ns >= least_ns_ || one.unclosed != 0) {
        add(one, depth);
        add_children(child, depth + 1);
        continue;
      }
      ++rest.ways;
      rest.calls += one.calls;
      rest.total_ns += one.total_ns;
    }
    if (rest.ways == 0) return;
    add_line(rest.total_ns, std::nullopt, rest.calls, depth,
             fmt::format("({} {} below 0.1 % each)", rest.ways, rest.ways == 1 ? "function" : "functions"));
  }

  void add(const CallNode& node, unsigned depth) {
    std::string name = printable(name_of(tree_, node));
    if (node.unclosed != 0) name += fmt::format(" (and {} without an end)", format_count(node.unclosed));
    add_line(node.total_ns, node.self_ns, node.calls, depth, name);
  }

  void add_line(std::uint64_t total_ns, std::optional<std::int64_t> self_ns, std::uint64_t calls, unsigned depth,
                std::string_view name) {
    constexpr unsigned deepest_indent = 40;
    const std::string total = tree_.has_times() ? format_us(static_cast<double>(total_ns)) : "";
    const std::string self = tree_.has_times() && self_ns ? format_us(static_cast<double>(*self_ns)) : "";
    const std::string depth_words = depth > deepest_indent ? fmt::format("[depth {}] ", depth) : "";
    lines_ += fmt::format("{:>12} {:>12} {:>9}  {:{}}{}{}\n", total, self, format_count(calls), "",
                          2 * std::min(depth, deepest_indent), depth_words, name);
  }

  const CallTree& tree_;
  std::uint64_t least_ns_;
  std::string lines_;
};

}  // namespace

std::string render_call_table(const CallReport& report, const TableOptions& options) {
  Page page = new_page(options);
  add_head(page, report);
  add_functions(page, report.trace.tree);
  add_quality(page, report.trace);
  add_laws(page, report.trace);
  return page.str();
}

std::string render_call_tree(const CallReport& report, const TableOptions& options) {
  Page page = new_page(options);
  add_head(page, report);
  page.heading("CALLS", "who called whom, all tasks and CPUs together");
  const std::string text = page.str() + TreeLines(report.trace.tree).render();
  Page end = new_page(options);
  add_quality(end, report.trace);
  add_laws(end, report.trace);
  return text + "\n" + end.str();
}

}  // namespace sockscope
