#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "base/error.h"
#include "parsers/perf_data/bytes.h"
#include "parsers/perf_data/record_walker.h"

struct ZSTD_DCtx_s;

namespace sockscope::perf_data {

/// Turns the records of one stream as `perf record -z` writes them into the records it was given: those inside of
/// COMPRESSED and COMPRESSED2, and those between as they are. One zstd stream goes through all compressed records of a
/// file, and records may begin in one and end in the next (tools/perf/util/zstd.c, session.c).
class Unpacker {
 public:
  /// Takes whole records, several at a time. Its failure ends the unpacking.
  using Sink = std::function<Result<>(Bytes records)>;

  /// Bytes that one byte of compressed record may unpack to at most: several times what perf's buffers of the most
  /// uniform records come to, and a bound for files made to fill a disk.
  static constexpr std::size_t kMaxRatio = 1024;

  Unpacker(ByteOrder order, Sink sink);

  /// Unpacks `region`. What cannot be unpacked ends it: then broken() is true, and all before has reached the sink.
  /// Fails only if the sink does.
  [[nodiscard]] Result<> unpack(Bytes region);

  [[nodiscard]] bool broken() const noexcept { return broken_; }

 private:
  struct Free {
    void operator()(ZSTD_DCtx_s* stream) const noexcept;
  };

  [[nodiscard]] Result<> unpack_record(const RawRecord& record);
  [[nodiscard]] Result<> unpack_chain(Bytes body);
  [[nodiscard]] Result<> decompress(Bytes packed);
  [[nodiscard]] Result<> hand_on_whole_records();

  ByteOrder order_;
  Sink sink_;
  std::unique_ptr<ZSTD_DCtx_s, Free> stream_;
  std::vector<std::byte> unpacked_;  // of which the first filled_ bytes wait for the rest of their record
  std::size_t filled_ = 0;
  bool broken_ = false;
};

}  // namespace sockscope::perf_data
