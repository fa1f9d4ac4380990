#include "harness/export_command.h"

#include <system_error>

#include "harness/line_output.h"
#include "harness/message_export.h"
#include "harness/traced_recordings.h"
#include "harness/warnings.h"

namespace sockscope {
namespace {

/// The output must not be what is read.
Result<> check_output(const TracedRecordings& traced, const std::filesystem::path& output) {
  for (const RunRecording& recording : traced.recordings()) {
    std::error_code not_there;
    if (output.empty() || !std::filesystem::equivalent(recording.path, output, not_there)) continue;
    return fail(ErrorKind::kUsage, "{} is the recording itself (see sockscope --help)", output.string());
  }
  return {};
}

void warn_of_nothing(std::uint64_t messages, const ReportOptions& options) {
  if (messages == 0) warn(options.path.string() + ": no message over TCP or UDP loopback could be followed");
}

Result<> export_messages(const ReportOptions& options, MessageRows::Style style, const TracedRecordings& traced) {
  const auto output = LineOutput::open(options.output.file);
  if (!output) return std::unexpected(output.error());
  MessageExport messages(style, traced.recordings().size(), *output);
  if (auto followed = follow(options.path, messages); !followed) return followed;
  if (messages.wants_more()) warn_of_nothing(messages.messages(), options);
  return messages.result();
}

}  // namespace

bool is_export(Format format) { return format == Format::kCsv || format == Format::kJsonLines; }

Result<> export_recordings(const ReportOptions& options) {
  const auto traced = TracedRecordings::of(options.path);
  if (!traced) return std::unexpected(traced.error());
  if (auto checked = check_output(*traced, options.output.file); !checked) return checked;
  const auto style = options.output.format == Format::kCsv ? MessageRows::Style::kCsv : MessageRows::Style::kJsonLines;
  return export_messages(options, style, *traced);
}

}  // namespace sockscope
