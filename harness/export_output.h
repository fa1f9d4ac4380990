#pragma once

#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "harness/line_output.h"

namespace sockscope {

/// Where an export goes, for those who write in the middle of something else: a failure, or a reader that has left,
/// is kept until somebody asks, and nothing more is written. A file is made or emptied by the first bytes, so that a
/// recording that cannot be read costs nobody what was there.
class ExportOutput {
 public:
  /// Empty: stdout.
  explicit ExportOutput(std::filesystem::path file) : file_(std::move(file)) {}

  void write(std::string_view bytes);

  [[nodiscard]] bool goes_on() const { return !has_left_ && !error_; }
  /// When all has been written, if it only is nothing. kEnvironment, naming the output, if it could not be written.
  [[nodiscard]] Result<> finish();
  /// When what was written is not all: removes the file again.
  void discard();

 private:
  /// False: it cannot be.
  bool open();

  std::filesystem::path file_;
  std::optional<LineOutput> output_;
  bool has_left_ = false;
  std::optional<Error> error_;
};

}  // namespace sockscope
