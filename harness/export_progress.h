#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace sockscope {

/// One line on stderr that says how far an export is, on a terminal only: "[2/6] udp-1.perf.data: 1310720 events".
class ExportProgress {
 public:
  explicit ExportProgress(std::size_t recordings);
  ExportProgress(const ExportProgress&) = delete;
  ExportProgress(ExportProgress&&) = delete;
  ExportProgress& operator=(const ExportProgress&) = delete;
  ExportProgress& operator=(ExportProgress&&) = delete;
  ~ExportProgress() { clear(); }

  /// The next recording.
  void begin(std::string name);
  /// One more of its events. Shown every now and then.
  void count_event() {
    constexpr std::uint64_t shown_every = std::uint64_t{1} << 16U;
    if (++events_ % shown_every == 0) [[unlikely]] {
      show();
    }
  }
  /// Leaves the line empty, for whoever has something else to say.
  void clear();

 private:
  void show();

  std::size_t recordings_;
  std::size_t begun_ = 0;
  std::string name_;
  std::uint64_t events_ = 0;
  bool is_terminal_;
  bool is_shown_ = false;
};

}  // namespace sockscope
