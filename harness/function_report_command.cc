#include "harness/function_report_command.h"

#include <utility>

#include "harness/export_output.h"
#include "harness/function_graph_text.h"
#include "harness/line_output.h"
#include "harness/open_recording.h"
#include "harness/output.h"
#include "report/function_report.h"

namespace sockscope {
namespace {

Result<> write_stacks(const FunctionReport& report, const OutputOptions& options) {
  constexpr std::size_t piece = std::size_t{64} * 1024;
  const auto output = LineOutput::open(options.file);
  if (!output) return std::unexpected(output.error());
  ExportOutput to(*output);
  std::string lines;
  write_function_stacks(report, [&](std::string_view line) {
    lines += line;
    if (lines.size() < piece) return;
    to.write(lines);
    lines.clear();
  });
  to.write(lines);
  return to.result();
}

Result<> check_format(Format format, const std::filesystem::path& path) {
  if (is_function_format(format)) return {};
  return fail(ErrorKind::kUsage,
              "{} is a trace of function calls, which has no messages: --format is table, tree, json, csv or folded "
              "(see sockscope --help)",
              path.string());
}

}  // namespace

bool is_function_format(Format format) {
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

Result<> write_functions(FunctionTrace trace, const ReportOptions& options) {
  if (auto can = check_format(options.output.format, options.path); !can) return can;
  const std::string name = options.path == "-" ? "standard input" : options.path.string();
  const FunctionReport report{.path = name, .trace = std::move(trace)};
  if (options.output.format == Format::kFolded) return write_stacks(report, options.output);
  return write_function_report(report, options.output);
}

Result<> report_function_text(const ReportOptions& options) {
  if (auto can = check_not_recording(options.output.file, options.path); !can) return can;
  if (auto can = check_format(options.output.format, options.path); !can) return can;
  auto trace = read_function_graph_text(options.path);
  if (!trace) return pass_on(trace);
  return write_functions(std::move(*trace), options);
}

}  // namespace sockscope
