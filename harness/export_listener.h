#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>

#include "harness/export_output.h"
#include "harness/export_progress.h"
#include "harness/trace_listener.h"
#include "report/export/message_rows.h"

namespace sockscope {

/// What all exports have in common that are written while recordings are followed: output that takes no more ends the
/// following, progress is shown, and what a recording lacks is said on stderr.
class ExportListener : public TraceListener {
 public:
  ExportListener(std::size_t recordings, const std::filesystem::path& file) : output_(file), progress_(recordings) {}

  void begin(const RunRecording& recording, const Formats& formats) override;
  void on(const Event& event) override;
  void end(const TraceResult& result) override;
  [[nodiscard]] bool wants_more() const override { return output_.goes_on(); }

  /// When all recordings have been told. kEnvironment if the output could not be written.
  [[nodiscard]] virtual Result<> finish() { return output_.finish(); }
  /// When they could not be: what was written goes.
  void discard() { output_.discard(); }

 protected:
  [[nodiscard]] ExportOutput& output() { return output_; }

 private:
  ExportOutput output_;
  ExportProgress progress_;
  std::shared_ptr<const perf_data::Reader> reader_;
};

/// Which run a recording is of, as exports say it.
[[nodiscard]] MessageSource source_of(const RunRecording& recording);

}  // namespace sockscope
