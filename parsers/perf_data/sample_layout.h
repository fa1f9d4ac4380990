#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "parsers/perf_data/byte_cursor.h"
#include "parsers/perf_data/record.h"

namespace sockscope::perf_data {

/// Where a PERF_RECORD_SAMPLE keeps its fields: worked out once from sample_type and read_format, in the order in
/// which the kernel writes them (kernel/events/core.c, perf_output_sample).
class SampleLayout {
 public:
  /// `raw_is_payload`: false for events whose RAW bytes are not a tracepoint's but, say, a processor's own; decode()
  /// then leaves the payload empty.
  SampleLayout(std::uint64_t sample_type, std::uint64_t read_format, bool raw_is_payload) noexcept;

  /// Offset in the body of the id that names the attr; none: the samples carry no id.
  [[nodiscard]] std::optional<std::size_t> id_at() const noexcept { return id_at_; }

  /// Of samples that have all that a Record wants, each at a fixed place: what perf records for tracepoints.
  struct Plain {
    std::uint32_t tid_at = 0;
    std::uint32_t time_at = 0;
    std::uint32_t cpu_at = 0;
    std::uint32_t raw_at = 0;

    /// As SampleLayout::decode(), for samples in this machine's byte order.
    [[nodiscard]] bool decode(Bytes body, Record& out) const noexcept {
      const std::size_t data_at = raw_at + sizeof(std::uint32_t);
      if (body.size() < data_at) return false;
      const std::byte* const at = body.data();
      const auto raw_size = load<std::uint32_t>(at + raw_at);
      if (raw_size > body.size() - data_at) return false;
      out.time_ns = load<std::uint64_t>(at + time_at);
      out.cpu = load<std::uint32_t>(at + cpu_at);
      out.pid = static_cast<std::int32_t>(load<std::uint32_t>(at + tid_at));
      out.tid = static_cast<std::int32_t>(load<std::uint32_t>(at + tid_at + sizeof(std::uint32_t)));
      out.payload = Bytes(at + data_at, raw_size);
      return true;
    }

    friend bool operator==(const Plain&, const Plain&) = default;
  };

  /// None where a field is missing or has no fixed place.
  [[nodiscard]] const std::optional<Plain>& plain() const noexcept { return plain_; }

  [[nodiscard]] bool has_callchain() const noexcept { return has_callchain_; }

  /// The addresses of PERF_SAMPLE_CALLCHAIN, 8 bytes each, innermost first, with the kernel's context marks between
  /// them. Nothing if the samples have none, or a count points beyond the body's end.
  [[nodiscard]] std::optional<Bytes> callchain(Bytes body, ByteOrder order) const noexcept;

  /// Reads time, cpu, pid, tid and the RAW bytes into `out`. False when the body is shorter than its layout or a
  /// count in it points beyond its end.
  [[nodiscard]] bool decode(Bytes body, ByteOrder order, Record& out) const noexcept;

 private:
  [[nodiscard]] bool skip_read_group(ByteCursor& cursor) const noexcept;
  [[nodiscard]] bool find_raw(Bytes body, ByteOrder order, Bytes& raw) const noexcept;

  std::optional<Plain> plain_;
  std::optional<std::size_t> id_at_;
  std::optional<std::size_t> tid_at_;
  std::optional<std::size_t> time_at_;
  std::optional<std::size_t> cpu_at_;
  std::size_t fixed_size_ = 0;    // of all fields before the first whose size varies, or before RAW
  std::size_t group_entry_ = 0;   // bytes of one value of a READ group; 0: no group
  std::size_t group_header_ = 0;  // bytes between a READ group's count and its values
  bool has_callchain_ = false;
  bool has_raw_ = false;
};

}  // namespace sockscope::perf_data
