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

}  // namespace

Result<> write_stdout(std::string_view text) {
  auto written = LineOutput().write(text);
  if (!written) return pass_on(written);
  return {};
}

Result<> write_report(const Summary& summary, const OutputOptions& options) {
  const bool to_file = !options.file.empty();
  const std::string text = options.format == Format::kJson
                               ? render_json(summary)
                               : render_table(summary, {.colour = !to_file && wants_colour()});
  if (!to_file) return write_stdout(text);
  auto written = write_file(options.file, text);
  if (written) give_to_invoker(options.file);
  return written;
}

}  // namespace sockscope
