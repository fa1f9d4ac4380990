#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace sockscope::netcat {

/// One way of a relay: what was read from a source and waits to be written to a sink. It owns neither descriptor; -1
/// stands for one that is gone.
class OneWay {
 public:
  enum class Unit {
    kBytes,     ///< A stream: reads on while there is room.
    kMessages,  ///< What one read brings is one write: datagrams keep their boundaries.
  };
  enum class Filled { kData, kNothingYet, kEnd, kError };
  enum class Drained { kAll, kLine, kSome, kError };

  OneWay(int source, int sink, std::size_t capacity_bytes, Unit unit)
      : source_(source), sink_(sink), unit_(unit), bytes_(capacity_bytes) {}

  [[nodiscard]] int source() const { return source_; }
  [[nodiscard]] int sink() const { return sink_; }
  [[nodiscard]] bool is_empty() const { return begin_ == end_; }
  [[nodiscard]] bool has_room() const { return unit_ == Unit::kBytes ? end_ - begin_ < bytes_.size() : is_empty(); }
  /// Nothing waits and nothing more will come.
  [[nodiscard]] bool is_finished() const { return source_ < 0 && is_empty(); }

  /// One read(2). kEnd and kError leave the source as it is.
  Filled fill();
  /// What the last fill() brought.
  [[nodiscard]] std::span<const std::byte> fresh() const { return std::span(bytes_).first(end_).subspan(fresh_); }

  /// One write(2) of what waits.
  Drained drain() { return write_first(end_ - begin_); }
  /// The same, up to the end of the first line. kLine: that line is out.
  Drained drain_line();

  void lose_source() { source_ = -1; }
  void lose_sink() { sink_ = -1; }
  /// Nobody wants any more of it: source, sink and what waits.
  void abandon();

 private:
  Drained write_first(std::size_t size);

  int source_;
  int sink_;
  Unit unit_;
  std::vector<std::byte> bytes_;
  std::size_t begin_ = 0;
  std::size_t fresh_ = 0;
  std::size_t end_ = 0;
};

}  // namespace sockscope::netcat
