#include "workloads/microbench/bench_table.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <utility>

#include "workloads/microbench/bench_name.h"

namespace sockscope {
namespace {

struct Column {
  const char* counter;
  const char* title;
};
constexpr std::array kCounts{Column{"context_switches", "switches"}, Column{"skbs", "skbs"},
                             Column{"softirqs", "softirqs"}, Column{"syscalls", "syscalls"},
                             Column{"allocations", "allocs"}};

/// Without what Google Benchmark adds to it: "/manual_time", "_median".
std::string plain_name(const benchmark::BenchmarkReporter::Run& run) { return run.run_name.function_name; }

std::string number(double value) { return value >= 100 ? fmt::format("{:.0f}", value) : fmt::format("{:.2f}", value); }

}  // namespace

bool BenchTable::ReportContext(const Context& context) {
  PrintBasicContext(&GetErrorStream(), context);
  return true;
}

void BenchTable::ReportRuns(const std::vector<Run>& runs) {
  for (const Run& run : runs) {
    if (run.run_type == Run::RT_Aggregate && run.aggregate_name != "median") continue;
    if (run.run_type == Run::RT_Iteration && run.repetitions > 1 && !run.error_occurred) continue;
    const std::string name = plain_name(run);
    if (std::ranges::find(rows_, name, &Row::name) != rows_.end()) continue;
    Row row{
        .name = name, .place = run.family_index, .counts = {}, .trouble = run.error_occurred ? run.error_message : ""};
    const auto units = run.counters.find("units");
    row.time_ns = run.GetAdjustedRealTime() / (units == run.counters.end() ? 1.0 : units->second.value);
    for (const Column& column : kCounts) {
      const auto counter = run.counters.find(column.counter);
      row.counts.push_back(counter == run.counters.end() ? "-" : fmt::format("{:.2f}", counter->second.value));
    }
    rows_.push_back(std::move(row));
  }
  if (isatty(STDERR_FILENO) != 0) fmt::print(stderr, "\r\033[K{} done", rows_.size());
}

std::string BenchTable::ratio_to_floor(const Row& row) const {
  const auto name = floor_of(row.name);
  const auto floor = name ? std::ranges::find(rows_, *name, &Row::name) : rows_.end();
  if (floor == rows_.end() || floor->time_ns <= 0 || !floor->trouble.empty()) return "-";
  return fmt::format("{:.2f}", row.time_ns / floor->time_ns);
}

void BenchTable::Finalize() {
  if (isatty(STDERR_FILENO) != 0) fmt::print(stderr, "\r\033[K");
  std::ranges::sort(rows_, {}, &Row::place);
  std::string text = fmt::format("{:<44}{:>11}{:>10}", "a message, or a call", "ns", "to floor");
  for (const Column& column : kCounts) text += fmt::format("{:>10}", column.title);
  text += '\n';
  for (const Row& row : rows_) {
    text += fmt::format("{:<44}", row.name);
    if (!row.trouble.empty()) {
      text += fmt::format("  {}\n", row.trouble);
      continue;
    }
    text += fmt::format("{:>11}{:>10}", number(row.time_ns), ratio_to_floor(row));
    for (const std::string& count : row.counts) text += fmt::format("{:>10}", count);
    text += '\n';
  }
  GetOutputStream() << text;
}

}  // namespace sockscope
