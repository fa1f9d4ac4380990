#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"

namespace sockscope {

/// The name of the only instance that this process makes: "sockscope-PID".
std::string own_tracefs_instance();

/// An instance of ftrace of our own, TRACEFS/instances/sockscope-PID: it has buffers, events and a clock that nobody
/// else's tracing touches. Gone with the object; one that a killed sockscope left behind goes when the next is made.
class TracefsInstance {
 public:
  /// kEnvironment, in one sentence, if this user may not make one or this kernel cannot.
  static Result<TracefsInstance> make(const std::filesystem::path& tracefs);

  TracefsInstance(TracefsInstance&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  TracefsInstance& operator=(TracefsInstance&&) = delete;
  TracefsInstance(const TracefsInstance&) = delete;
  TracefsInstance& operator=(const TracefsInstance&) = delete;
  ~TracefsInstance();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Writes to one of its control files. kEnvironment, naming the file, if the kernel refuses the text.
  Result<> set(const std::filesystem::path& file, std::string_view text) const;
  /// What one of its files says; empty if it cannot be read.
  [[nodiscard]] std::string get(const std::filesystem::path& file) const;

 private:
  explicit TracefsInstance(std::filesystem::path path) : path_(std::move(path)) {}

  std::filesystem::path path_;
};

}  // namespace sockscope
