#include "harness/output.h"

#include <unistd.h>

#include "harness/line_output.h"
#include "harness/run_directory.h"
#include "harness/terminal.h"
#include "harness/version.h"
#include "report/html/functions_page.h"
#include "report/json.h"
#include "report/plot/plot.h"
#include "report/table.h"

namespace sockscope {
namespace {

Result<> write_text(const std::string& text, const OutputOptions& options) {
  if (options.file.empty()) return write_stdout(text);
  auto written = write_file(options.file, text);
  if (written) give_to_invoker(options.file);
  return written;
}

/// Files and pipes get the same table wherever it is made.
TableOptions table_options(const OutputOptions& options) {
  if (!options.file.empty() || isatty(STDOUT_FILENO) == 0) return {};
  const auto environment = TerminalEnvironment::current();
  return {.colour = wants_colour(environment), .screen = screen_for(environment, false)};
}

/// Pictures are of some width or other in any case.
TableOptions plot_options(const OutputOptions& options) {
  TableOptions plot = table_options(options);
  if (!plot.screen) plot.screen = screen_for(TerminalEnvironment::current(), true);
  return plot;
}

std::string render(const Summary& summary, const OutputOptions& options) {
  if (options.format == Format::kJson) return render_json(summary);
  return options.plot ? render_plot(summary, plot_options(options)) : render_table(summary, table_options(options));
}

}  // namespace

Result<> write_stdout(std::string_view text) {
  auto written = LineOutput().write(text);
  if (!written) return pass_on(written);
  return {};
}

Result<> check_output(const OutputOptions& options) {
  if (options.plot && options.format != Format::kTable) {
    return fail(ErrorKind::kUsage, "--plot draws pictures of text in the place of the table: leave out --format");
  }
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

Result<> write_sweep(const Sweep& sweep, const OutputOptions& options, const std::vector<MessagePaths>& paths) {
  if (sweep.points.size() == 1)
    return write_report(sweep.points.front().summary, options, paths.empty() ? nullptr : paths.front());
  if (options.format == Format::kJson) return write_text(render_json_sweep(sweep), options);
  if (options.format == Format::kHtml) return write_text(render_html_sweep(sweep, paths, kVersion), options);
  std::string text = render_sweep_table(sweep, table_options(options));
  for (const auto& [value, summary] : sweep.points) text += (text.empty() ? "" : "\n") + render(summary, options);
  return write_text(text, options);
}

Result<> write_slow(const SlowReport& report, const OutputOptions& options) {
  if (options.format == Format::kJson) return write_text(render_slow_json(report), options);
  return write_text(render_slow_table(report, table_options(options)), options);
}

Result<> write_call_report(const CallReport& report, const OutputOptions& options) {
  if (options.format == Format::kJson) return write_text(render_call_json(report), options);
  if (options.format == Format::kCsv) return write_text(render_call_csv(report), options);
  if (options.format == Format::kTree) return write_text(render_call_tree(report, table_options(options)), options);
  return write_text(render_call_table(report, table_options(options)), options);
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
