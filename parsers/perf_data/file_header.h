#pragma once

#include <array>
#include <cstdint>

#include "base/error.h"
#include "parsers/perf_data/byte_cursor.h"
#include "parsers/perf_data/file_info.h"

namespace sockscope::perf_data {

/// A stretch of the file, as the file says it; not checked against the file's size.
struct Section {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

/// The part of `file` that a section names; false when it is not all there.
[[nodiscard]] bool find_section(Bytes file, const Section& section, Bytes& out) noexcept;

/// What the first bytes of perf.data say (tools/perf/util/header.h, perf_file_header and perf_pipe_file_header).
struct FileHeader {
  Form form = Form::kFile;
  ByteOrder byte_order = ByteOrder::kNative;
  std::uint64_t size = 0;       ///< Of the header itself: 16 for a pipe, 104 (or, long ago, 72) for a file.
  std::uint64_t attr_size = 0;  ///< File form: bytes of one attr entry, its ids section included.
  Section attrs;
  Section data;
  std::array<std::uint64_t, 4> features{};  ///< One bit for each feature section, lowest first.

  [[nodiscard]] bool has_feature(std::uint64_t bit) const noexcept {
    return (features[bit / 64] >> (bit % 64) & 1U) != 0;
  }
};

inline constexpr std::uint64_t kPipeHeaderSize = 16;
inline constexpr std::uint64_t kFeatureBits = 256;

/// Reads the header. kInput (without the file's name) when this is not perf.data, or one this reader cannot read.
[[nodiscard]] Result<FileHeader> parse_file_header(Bytes file);

}  // namespace sockscope::perf_data
