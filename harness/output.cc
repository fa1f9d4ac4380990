#include "harness/output.h"

#include <unistd.h>

#include <cstdlib>

#include "harness/line_output.h"
#include "harness/run_directory.h"
#include "harness/version.h"
#include "report/html/functions_page.h"
#include "report/json.h"
#include "report/table.h"

namespace sockscope {
namespace {

bool wants_colour() {
  const char* const no_color = std::getenv("NO_COLOR");  // https://no-color.org: any non-empty value
  return isatty(STDOUT_FILENO) != 0 && (no_color == nullptr || *no_color == '\0');
}

Result<> write_text(const std::string& text, const OutputOptions& options) {
  if (options.file.empty()) return write_stdout(text);
  auto written = write_file(options.file, text);
  if (written) give_to_invoker(options.file);
  return written;
}

TableOptions table_options(const OutputOptions& options) { return {.colour = options.file.empty() && wants_colour()}; }

std::string render(const Summary& summary, const OutputOptions& options) {
  return options.format == Format::kJson ? render_json(summary) : render_table(summary, table_options(options));
}

}  // namespace

Result<> write_stdout(std::string_view text) {
  auto written = LineOutput().write(text);
  if (!written) return pass_on(written);
  return {};
}

Result<> check_output(const OutputOptions& options) {
  if (!options.file.empty() || isatty(STDOUT_FILENO) == 0) return {};
  if (options.format == Format::kHtml) {
    return fail(ErrorKind::kUsage, "--format html is for a browser, not for a terminal: add -o report.html");
  }
  if (options.format == Format::kPerfetto) {
    return fail(ErrorKind::kUsage, "--format perfetto is for ui.perfetto.dev, not for a terminal: add -o FILE");
  }
  return {};
}

Result<> write_report(const Summary& summary, const OutputOptions& options, MessagePaths paths) {
  if (options.format == Format::kHtml) return write_text(render_html(summary, paths, kVersion), options);
  return write_text(render(summary, options), options);
}

Result<> write_sweep(const std::vector<SizedSummary>& sweep, const OutputOptions& options,
                     const std::vector<MessagePaths>& paths) {
  if (sweep.size() == 1) return write_report(sweep.front().summary, options, paths.empty() ? nullptr : paths.front());
  if (options.format == Format::kJson) return write_text(render_json_sweep(sweep), options);
  if (options.format == Format::kHtml) return write_text(render_html_sweep(sweep, paths, kVersion), options);
  std::string text = render_sweep_table(sweep, table_options(options));
  for (const auto& [size, summary] : sweep) text += (text.empty() ? "" : "\n") + render(summary, options);
  return write_text(text, options);
}

Result<> write_slow(const SlowReport& report, const OutputOptions& options) {
  if (options.format == Format::kJson) return write_text(render_slow_json(report), options);
  return write_text(render_slow_table(report, table_options(options)), options);
}

Result<> write_topologies(const TopologiesReport& report, const OutputOptions& options) {
  if (options.format == Format::kJson) return write_text(render_topologies_json(report), options);
  return write_text(render_topologies_table(report, table_options(options)), options);
}

Result<> write_diff(const RunDiffReport& report, const Summary& a, const Summary& b, const OutputOptions& options) {
  if (options.format == Format::kJson) return write_text(render_diff_json(report), options);
  if (options.format == Format::kHtml) return write_text(render_html_diff(report, a, b, kVersion), options);
  return write_text(render_diff_table(report, table_options(options)), options);
}

Result<> write_functions(const FunctionsReport& report, const OutputOptions& options) {
  switch (options.format) {
    case Format::kJson:
      return write_text(render_functions_json(report), options);
    case Format::kFolded:
      return write_text(render_functions_folded(report), options);
    case Format::kHtml:
      return write_text(render_html_functions(report, kVersion), options);
    default:
      return write_text(render_functions_table(report, table_options(options)), options);
  }
}

}  // namespace sockscope
