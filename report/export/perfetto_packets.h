#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "report/export/byte_sink.h"

namespace sockscope {

/// States of a thread, by Perfetto's numbers (protos/perfetto/trace/generic_kernel/generic_task.proto).
enum class ThreadState : std::int32_t {
  kUnknown = 0,
  kRunnable = 2,
  kRunning = 3,
  kInterruptibleSleep = 4,
  kUninterruptibleSleep = 5,
  kStopped = 6,
  kDead = 7,
};

/// Writes a Perfetto trace (protobuf, of the parts of its format that are a stable interface), packet by packet. Text
/// is made printable. Packets may come in any order of time: Perfetto sorts them, those of one time by their order.
class PerfettoPackets {
 public:
  explicit PerfettoPackets(ByteSink sink) : sink_(std::move(sink)) {}

  /// A track's name in the file; never the same twice.
  [[nodiscard]] std::uint64_t new_track() { return ++tracks_; }
  /// An arrow's.
  [[nodiscard]] std::uint64_t new_flow() { return ++flows_; }

  void process(std::int32_t pid, std::string_view name);
  void thread(std::uint64_t track, std::int32_t pid, std::int32_t tid, std::string_view name);
  /// One of any name, below another, or by itself (0).
  void track(std::uint64_t track, std::uint64_t parent, std::string_view name);

  struct Switched {
    std::uint64_t time_ns = 0;
    std::int32_t tid = 0;
    ThreadState state = ThreadState::kUnknown;
    std::uint32_t cpu = 0;  ///< That it runs on, or leaves.
    std::string_view comm;
    std::optional<std::int32_t> prio;
  };
  void state(const Switched& switched);

  struct Argument {
    std::string_view name;
    std::uint64_t value = 0;
  };
  struct Slice {
    std::uint64_t time_ns = 0;
    std::uint64_t track = 0;
    std::string_view name;
    std::optional<std::uint64_t> flow;  ///< The arrow that begins or ends here.
    std::initializer_list<Argument> arguments;
  };
  void begin_slice(const Slice& slice);
  void end_slice(std::uint64_t time_ns, std::uint64_t track);

  /// Hands on what has not been handed on yet.
  void flush();

 private:
  void flush_if_full();

  ByteSink sink_;
  std::string buffer_;
  std::uint64_t tracks_ = 0;
  std::uint64_t flows_ = 0;
};

}  // namespace sockscope
