#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/unique_fd.h"

namespace sockscope {

/// Where a long output goes, piece by piece: stdout, or a file that it makes or empties.
class LineOutput {
 public:
  LineOutput() : name_("stdout") {}
  /// Empty: stdout. kEnvironment, naming the file, when it cannot be written.
  static Result<LineOutput> open(const std::filesystem::path& file);

  /// Writes all of the text. False: the reader has left (head, less), which is no error. kEnvironment, naming the
  /// output, for anything else.
  Result<bool> write(std::string_view text) const;

 private:
  LineOutput(UniqueFd file, std::string name) : file_(std::move(file)), name_(std::move(name)) {}

  UniqueFd file_;  // empty: stdout
  std::string name_;
};

}  // namespace sockscope
