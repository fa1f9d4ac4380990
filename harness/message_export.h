#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

#include "harness/export_listener.h"
#include "report/events/text_buffer.h"
#include "report/export/message_rows.h"

namespace sockscope {

/// Writes a row for each message that is followed.
class MessageExport : public ExportListener {
 public:
  MessageExport(MessageRows::Style style, std::size_t recordings, const std::filesystem::path& file);

  void begin(const RunRecording& recording, const Formats& formats) override;
  using ExportListener::on;
  void on(const Exchange& exchange) override;
  void end(const TraceResult& result) override;
  [[nodiscard]] Result<> finish() override;

  [[nodiscard]] std::uint64_t messages() const { return rows_.count(); }

 private:
  void flush();

  MessageRows rows_;
  TextBuffer text_;
};

}  // namespace sockscope
