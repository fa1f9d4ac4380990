#include "parsers/perf_data/unpacker.h"

#include <zstd.h>

#include <algorithm>
#include <utility>

#include "parsers/perf_data/abi.h"
#include "parsers/perf_data/byte_cursor.h"

namespace sockscope::perf_data {
namespace {

// Room for the longest record that a chunk can leave unfinished, and for a good piece more.
constexpr std::size_t kUnpackedSize = 256UL * 1024;

// PERF_SAMPLE_MAX_SIZE - sizeof(struct perf_record_compressed2) - 1: what perf fills a COMPRESSED2 record with before
// it begins the next (tools/perf/builtin-record.c, zstd_compress).
constexpr std::size_t kFullCompressed2 = 65519;

}  // namespace

void Unpacker::Free::operator()(ZSTD_DCtx_s* stream) const noexcept { ZSTD_freeDCtx(stream); }

Unpacker::Unpacker(ByteOrder order, Sink sink)
    : order_(order), sink_(std::move(sink)), stream_(ZSTD_createDCtx()), unpacked_(kUnpackedSize) {}

Result<> Unpacker::unpack(Bytes region) {
  RecordWalker walker(region, order_);
  for (RawRecord record; !broken_ && walker.next(record);) {
    if (auto done = unpack_record(record); !done) return done;
  }
  // A record that began in the last chunk never ends.
  broken_ = broken_ || walker.broken() || filled_ != 0;
  return {};
}

Result<> Unpacker::unpack_record(const RawRecord& record) {
  if (record.type == record_type::kCompressed) return decompress(record.body);
  if (record.type == record_type::kCompressed2) return unpack_chain(record.body);
  return sink_(record.whole);
}

// The walker has made sure that data_size bytes are there. More of them than fill one record are several records (see
// RecordWalker::take_compressed2): the first ends where it was full, the others have headers of their own whose size
// is right.
Result<> Unpacker::unpack_chain(Bytes body) {
  ByteCursor cursor(body, order_);
  std::uint64_t size = 0;
  Bytes packed;
  if (!cursor.read(size) || !cursor.read_bytes(std::min<std::uint64_t>(size, kFullCompressed2), packed)) {
    broken_ = true;
    return {};
  }
  if (auto done = decompress(packed); !done || size <= kFullCompressed2) return done;
  constexpr std::size_t head = kRecordHeaderSize + sizeof(std::uint64_t);
  while (!broken_ && cursor.remaining() != 0) {
    std::uint32_t type = 0;
    std::uint16_t misc = 0;
    std::uint16_t whole = 0;
    if (!cursor.read(type) || !cursor.read(misc) || !cursor.read(whole) || type != record_type::kCompressed2 ||
        whole < head || !cursor.skip(sizeof(std::uint64_t)) || !cursor.read_bytes(whole - head, packed)) {
      broken_ = true;
      return {};
    }
    if (auto done = decompress(packed); !done) return done;
  }
  return {};
}

Result<> Unpacker::decompress(Bytes packed) {
  if (!stream_) return fail(ErrorKind::kEnvironment, "zstd: out of memory");
  std::size_t allowed = packed.size() * kMaxRatio;
  ZSTD_inBuffer in{packed.data(), packed.size(), 0};
  while (true) {
    ZSTD_outBuffer out{unpacked_.data(), unpacked_.size(), filled_};
    const std::size_t status = ZSTD_decompressStream(stream_.get(), &out, &in);
    const std::size_t gained = out.pos - filled_;
    broken_ = ZSTD_isError(status) != 0 || gained > allowed;
    allowed -= std::min(gained, allowed);
    filled_ = out.pos;
    if (auto done = hand_on_whole_records(); !done || broken_) return done;
    // A buffer that was not filled means that nothing more is waiting inside of zstd.
    if (in.pos == in.size && out.pos < out.size) return {};
  }
}

Result<> Unpacker::hand_on_whole_records() {
  std::size_t whole = 0;
  while (filled_ - whole >= kRecordHeaderSize) {
    const auto size = load<std::uint16_t>(unpacked_.data() + whole + record_header::kSizeAt, order_);
    if (size < kRecordHeaderSize) {
      broken_ = true;
      break;
    }
    if (size > filled_ - whole) break;
    whole += size;
  }
  if (whole == 0) return {};
  auto done = sink_(Bytes(unpacked_).first(whole));
  std::copy(unpacked_.begin() + static_cast<std::ptrdiff_t>(whole),
            unpacked_.begin() + static_cast<std::ptrdiff_t>(filled_), unpacked_.begin());
  filled_ -= whole;
  return done;
}

}  // namespace sockscope::perf_data
