#include "harness/export_output.h"

namespace sockscope {

void ExportOutput::write(std::string_view bytes) {
  if (!goes_on() || bytes.empty()) return;
  const auto written = output_.write(bytes);
  if (!written) {
    error_ = written.error();
  } else {
    has_left_ = !*written;
  }
}

Result<> ExportOutput::result() const {
  if (error_) return std::unexpected(*error_);
  return {};
}

}  // namespace sockscope
