#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "parsers/perf_data/byte_cursor.h"

namespace sockscope::trace_dat {

/// Unpacks what stands at the cursor: u32 packed size, u32 unpacked size, a frame of zstd. False if it is damaged or
/// says that it is larger than `most` bytes or than so few can unpack to.
[[nodiscard]] bool unpack_chunk(perf_data::ByteCursor& cursor, std::size_t most, std::vector<std::byte>& out);

}  // namespace sockscope::trace_dat
