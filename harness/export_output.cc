#include "harness/export_output.h"

#include <system_error>

namespace sockscope {

void ExportOutput::write(std::string_view bytes) {
  if (!goes_on() || bytes.empty() || !open()) return;
  const auto written = output_->write(bytes);
  if (!written) {
    error_ = written.error();
  } else {
    has_left_ = !*written;
  }
}

bool ExportOutput::open() {
  if (output_) return true;
  auto opened = LineOutput::open(file_);
  if (!opened) {
    error_ = opened.error();
    return false;
  }
  output_ = std::move(*opened);
  return true;
}

Result<> ExportOutput::finish() {
  if (goes_on()) open();
  if (error_) return std::unexpected(*error_);
  return {};
}

void ExportOutput::discard() {
  std::error_code error;
  // A device or a pipe stays what it is.
  if (output_ && std::filesystem::is_regular_file(file_, error)) std::filesystem::remove(file_, error);
  output_.reset();
}

}  // namespace sockscope
