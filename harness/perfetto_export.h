#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

#include "harness/export_listener.h"
#include "report/export/message_slices.h"
#include "report/export/perfetto_packets.h"
#include "report/export/perfetto_threads.h"

namespace sockscope {

/// Writes a Perfetto trace of all recordings: what their threads did, and the messages between them.
class PerfettoExport : public ExportListener {
 public:
  PerfettoExport(std::size_t recordings, const std::filesystem::path& file)
      : ExportListener(recordings, file), packets_([this](std::string_view bytes) { this->output().write(bytes); }) {}

  void begin(const RunRecording& recording, const Formats& formats) override;
  using ExportListener::on;
  void on(const Exchange& exchange) override { slices_.write(exchange); }
  void end(const TraceResult& result) override;

  [[nodiscard]] std::uint64_t messages() const { return slices_.count(); }

 private:
  PerfettoPackets packets_;
  PerfettoThreads threads_{packets_};
  MessageSlices slices_{packets_, threads_};
};

}  // namespace sockscope
