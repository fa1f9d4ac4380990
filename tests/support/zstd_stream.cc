#include "tests/support/zstd_stream.h"

#include <zstd.h>

#include <algorithm>

#include "tests/support/perf_records.h"

namespace sockscope::test_support {
namespace {

constexpr std::size_t kHead = 16;  // header and data_size
constexpr std::size_t kFull = 65519;

}  // namespace

void ZstdStream::Free::operator()(ZSTD_CCtx_s* stream) const noexcept { ZSTD_freeCCtx(stream); }

ZstdStream::ZstdStream() : stream_(ZSTD_createCCtx()) {}

std::string ZstdStream::pack(std::string_view plain) {
  std::string packed(ZSTD_compressBound(plain.size()) + 64, '\0');
  ZSTD_outBuffer out{packed.data(), packed.size(), 0};
  ZSTD_inBuffer in{plain.data(), plain.size(), 0};
  while (ZSTD_compressStream2(stream_.get(), &out, &in, ZSTD_e_flush) != 0) {
  }
  packed.resize(out.pos);
  return packed;
}

std::string ZstdStream::compressed(std::string_view plain) {
  return record_bytes(perf_data::record_type::kCompressed, pack(plain));
}

std::string ZstdStream::compressed2(std::string_view plain) {
  const std::string packed = pack(plain);
  ByteWriter body;
  body.u64(packed.size()).text(packed).pad_to((body.size() + 7) / 8 * 8);
  return record_bytes(perf_data::record_type::kCompressed2, body.str());
}

std::string overflowed_compressed2(std::string_view packed) {
  const auto head = [](std::size_t size, std::uint64_t data_size) {
    ByteWriter out;
    out.u32(perf_data::record_type::kCompressed2).u16(0).u16(static_cast<std::uint16_t>(size)).u64(data_size);
    return out.str();
  };
  std::string parts(packed.substr(0, kFull));
  for (std::size_t at = kFull; at < packed.size(); at += kFull) {
    const std::string_view part = packed.substr(at, kFull);
    constexpr std::uint64_t garbage = 0xdeadbeef;
    parts += head(kHead + part.size(), garbage).append(part);
  }
  return head((kHead + parts.size() + 7) / 8 * 8, parts.size()) + parts;
}

}  // namespace sockscope::test_support
