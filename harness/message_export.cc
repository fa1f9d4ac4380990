#include "harness/message_export.h"

namespace sockscope {
namespace {

constexpr std::size_t kWrittenAtOnce = std::size_t{64} * 1024;

}  // namespace

MessageExport::MessageExport(MessageRows::Style style, std::size_t recordings, const std::filesystem::path& file)
    : ExportListener(recordings, file), rows_(style) {
  rows_.header(text_);
}

void MessageExport::begin(const RunRecording& recording, const Formats& formats) {
  ExportListener::begin(recording, formats);
  rows_.begin(source_of(recording));
}

void MessageExport::on(const Exchange& exchange) {
  rows_.write(exchange, text_);
  if (text_.size() >= kWrittenAtOnce) flush();
}

void MessageExport::end(const TraceResult& result) {
  flush();
  ExportListener::end(result);
}

Result<> MessageExport::finish() {
  flush();
  return ExportListener::finish();
}

void MessageExport::flush() {
  output().write(text_.text());
  text_.clear();
}

}  // namespace sockscope
