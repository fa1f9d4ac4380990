#pragma once

#include <optional>
#include <string_view>

#include "base/error.h"
#include "harness/line_output.h"

namespace sockscope {

/// Where an export goes, for those who write in the middle of something else: a failure, or a reader that has left,
/// is kept until somebody asks, and nothing more is written.
class ExportOutput {
 public:
  explicit ExportOutput(const LineOutput& output) : output_(output) {}

  void write(std::string_view bytes);

  [[nodiscard]] bool goes_on() const { return !has_left_ && !error_; }
  /// kEnvironment, naming the output, if it could not be written.
  [[nodiscard]] Result<> result() const;

 private:
  const LineOutput& output_;
  bool has_left_ = false;
  std::optional<Error> error_;
};

}  // namespace sockscope
