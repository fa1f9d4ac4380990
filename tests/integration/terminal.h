#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

#include "base/unique_fd.h"

namespace sockscope::testing {

/// A program in front of somebody at a keyboard: it leads a session on a pseudo-terminal of its own (pty(7)), which is
/// its stdin, stdout and stderr. Whatever is left of it hears the line hang up at the end.
class Terminal {
 public:
  /// So many columns wide; 0: as wide as it is if nobody says.
  explicit Terminal(const std::vector<std::string>& command, unsigned short columns = 0);
  Terminal(const Terminal&) = delete;
  Terminal(Terminal&&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  Terminal& operator=(Terminal&&) = delete;
  ~Terminal();

  [[nodiscard]] pid_t pid() const { return pid_; }
  void type(const std::string& keys) const;
  /// Waits until that has been shown; false if it does not come.
  bool shows(const std::string& text);
  /// All that has been shown so far, with a \r before each \n as the terminal's driver has it.
  [[nodiscard]] const std::string& shown() const { return shown_; }
  /// Waits for the program's end: its exit status, or 128 + the signal that ended it; -1 if it does not end.
  int finish();

 private:
  bool read_some(std::chrono::steady_clock::time_point deadline);

  pid_t pid_ = -1;
  UniqueFd screen_;
  std::string shown_;
};

inline constexpr const char* kCtrlC = "\x03";

}  // namespace sockscope::testing
