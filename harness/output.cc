#include "harness/output.h"

#include <unistd.h>

#include <cstdlib>

#include "harness/line_output.h"
#include "harness/run_directory.h"
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

std::string render(const Summary& summary, const OutputOptions& options) {
  if (options.format == Format::kJson) return render_json(summary);
  return render_table(summary, {.colour = options.file.empty() && wants_colour()});
}

}  // namespace

Result<> write_stdout(std::string_view text) {
  auto written = LineOutput().write(text);
  if (!written) return pass_on(written);
  return {};
}

Result<> write_report(const Summary& summary, const OutputOptions& options) {
  return write_text(render(summary, options), options);
}

Result<> write_sweep(const std::vector<Summary>& summaries, const OutputOptions& options) {
  if (summaries.size() == 1) return write_report(summaries.front(), options);
  if (options.format == Format::kJson) return write_text(render_json_sweep(summaries), options);
  std::string text;
  for (const Summary& summary : summaries) text += (text.empty() ? "" : "\n") + render(summary, options);
  return write_text(text, options);
}

}  // namespace sockscope
