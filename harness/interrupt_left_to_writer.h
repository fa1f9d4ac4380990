#pragma once

#include <csignal>
#include <filesystem>

namespace sockscope {

/// While standard input ("-") is read SIGINT is ignored: in `perf record -o - | sockscope report -` Ctrl-C reaches
/// both; it ends the one that writes, and what it wrote until then is read. Changes nothing for other paths.
class InterruptLeftToWriter {
 public:
  explicit InterruptLeftToWriter(const std::filesystem::path& path)
      : is_piped_(path == "-"), before_(is_piped_ ? std::signal(SIGINT, SIG_IGN) : SIG_DFL) {}
  InterruptLeftToWriter(const InterruptLeftToWriter&) = delete;
  InterruptLeftToWriter(InterruptLeftToWriter&&) = delete;
  InterruptLeftToWriter& operator=(const InterruptLeftToWriter&) = delete;
  InterruptLeftToWriter& operator=(InterruptLeftToWriter&&) = delete;
  ~InterruptLeftToWriter() {
    if (is_piped_) (void)std::signal(SIGINT, before_);
  }

 private:
  bool is_piped_;
  void (*before_)(int);
};

}  // namespace sockscope
