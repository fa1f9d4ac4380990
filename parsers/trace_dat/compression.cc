#include "parsers/trace_dat/compression.h"

#include <zstd.h>

#include <algorithm>

namespace sockscope::trace_dat {
namespace {

// Of what can be believed before it is unpacked: more than any text or page gives, and what needs no belief.
constexpr std::size_t kMaxRatio = 1024;
constexpr std::size_t kAlwaysRoom = std::size_t{1} << 20U;

}  // namespace

bool unpack_chunk(perf_data::ByteCursor& cursor, std::size_t most, std::vector<std::byte>& out) {
  std::uint32_t packed_size = 0;
  std::uint32_t unpacked_size = 0;
  perf_data::Bytes packed;
  if (!cursor.read(packed_size) || !cursor.read(unpacked_size) || !cursor.read_bytes(packed_size, packed)) return false;
  if (unpacked_size > std::min(most, std::max(kAlwaysRoom, packed.size() * kMaxRatio))) return false;
  out.resize(unpacked_size);
  const std::size_t got = ZSTD_decompress(out.data(), out.size(), packed.data(), packed.size());
  return ZSTD_isError(got) == 0U && got == unpacked_size;
}

}  // namespace sockscope::trace_dat
