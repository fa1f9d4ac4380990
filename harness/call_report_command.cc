#include "harness/call_report_command.h"

#include <utility>

#include "harness/export_output.h"
#include "harness/function_graph_text.h"
#include "harness/output.h"
#include "harness/trace_dat_file.h"
#include "report/call_report.h"

namespace sockscope {
namespace {

Result<> write_stacks(const CallReport& report, const OutputOptions& options) {
  constexpr std::size_t piece = std::size_t{64} * 1024;
  ExportOutput to(options.file);
  std::string lines;
  write_call_stacks(report, [&](std::string_view line) {
    lines += line;
    if (lines.size() < piece) return;
    to.write(lines);
    lines.clear();
  });
  to.write(lines);
  return to.finish();
}

Result<> check_format(Format format, const std::filesystem::path& path) {
  if (is_call_format(format)) return {};
  return fail(ErrorKind::kUsage,
              "{} is a trace of function calls, which has no messages: --format is table, tree, json, csv or folded "
              "(see sockscope --help)",
              path.string());
}

}  // namespace

bool is_call_format(Format format) {
  switch (format) {
    case Format::kTable:
    case Format::kTree:
    case Format::kJson:
    case Format::kCsv:
    case Format::kFolded:
      return true;
    default:
      return false;
  }
}

Result<> write_calls(CallTrace trace, const ReportOptions& options) {
  if (auto can = check_format(options.output.format, options.path); !can) return can;
  const std::string name = options.path == "-" ? "standard input" : options.path.string();
  const CallReport report{.path = name, .trace = std::move(trace)};
  if (options.output.format == Format::kFolded) return write_stacks(report, options.output);
  return write_call_report(report, options.output);
}

Result<> report_call_text(const ReportOptions& options) {
  auto trace = read_function_graph_text(options.path);
  if (!trace) return pass_on(trace);
  return write_calls(std::move(*trace), options);
}

Result<bool> report_trace_dat_calls(const ReportOptions& options) {
  if (!is_call_format(options.output.format)) return false;
  const auto file = TraceDatFile::open(options.path);
  if (!file) return std::unexpected(file.error());
  if (!file->has_calls()) return false;
  if (auto written = write_calls(file->calls(), options); !written) return pass_on(written);
  return true;
}

}  // namespace sockscope
