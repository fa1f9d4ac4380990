#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "parsers/perf_data/record.h"

namespace sockscope::perf_data {

/// Where kernel records other than samples keep who, when and where: the sample_id fields that attr.sample_id_all
/// puts at their end (include/uapi/linux/perf_event.h, struct sample_id).
class TrailerLayout {
 public:
  /// `present` is attr.sample_id_all; without it there is no trailer and size() is 0.
  TrailerLayout(std::uint64_t sample_type, bool present) noexcept;

  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  /// The id that names the attr. The body must be at least size() long. None: the trailer carries no id.
  [[nodiscard]] std::optional<std::uint64_t> id(Bytes body, ByteOrder order) const noexcept;

  /// Reads time, cpu, pid and tid into `out`, and makes its payload the rest. False when the body is too short.
  [[nodiscard]] bool decode(Bytes body, ByteOrder order, Record& out) const noexcept;

  friend bool operator==(const TrailerLayout&, const TrailerLayout&) = default;

 private:
  std::size_t size_ = 0;
  std::optional<std::size_t> tid_at_;  // offsets from the start of the trailer
  std::optional<std::size_t> time_at_;
  std::optional<std::size_t> id_at_;
  std::optional<std::size_t> cpu_at_;
};

}  // namespace sockscope::perf_data
