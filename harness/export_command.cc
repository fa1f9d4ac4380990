#include "harness/export_command.h"

#include "harness/ctf_export.h"
#include "harness/folded_export.h"
#include "harness/message_export.h"
#include "harness/open_recording.h"
#include "harness/perfetto_export.h"
#include "harness/traced_recordings.h"
#include "harness/warnings.h"

namespace sockscope {
namespace {

void warn_of_nothing(std::uint64_t messages, const ReportOptions& options) {
  if (messages == 0) warn(options.path.string() + ": no message over TCP or UDP loopback could be followed");
}

/// Follows the messages into one of the exports that are listeners.
template <class Export, class... Arguments>
Result<> export_followed(const ReportOptions& options, const TracedRecordings& traced, Arguments... arguments) {
  Export to(arguments..., traced.recordings().size(), options.output.file);
  if (auto followed = follow(options.path, to); !followed) {
    to.discard();
    return followed;
  }
  auto written = to.finish();
  if (written && to.wants_more()) warn_of_nothing(to.messages(), options);
  return written;
}

}  // namespace

bool is_export(Format format) { return format != Format::kTable && format != Format::kJson && format != Format::kHtml; }

Result<> export_recordings(const ReportOptions& options) {
  const auto traced = TracedRecordings::of(options.path);
  if (!traced) return std::unexpected(traced.error());
  switch (options.output.format) {
    case Format::kCsv:
      return export_followed<MessageExport>(options, *traced, MessageRows::Style::kCsv);
    case Format::kJsonLines:
      return export_followed<MessageExport>(options, *traced, MessageRows::Style::kJsonLines);
    case Format::kPerfetto:
      return export_followed<PerfettoExport>(options, *traced);
    case Format::kCtf:
      return export_ctf(*traced, options.output.file);
    case Format::kFolded:
      return export_folded(options, *traced);
    case Format::kTable:
    case Format::kJson:
    case Format::kHtml:
    case Format::kTree:
      break;
  }
  return {};
}

}  // namespace sockscope
