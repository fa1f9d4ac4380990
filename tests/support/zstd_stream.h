#pragma once

#include <memory>
#include <string>
#include <string_view>

struct ZSTD_CCtx_s;

namespace sockscope::test_support {

/// What `perf record -z` makes of records: one zstd stream, flushed at the end of every chunk, in records of type
/// COMPRESSED or COMPRESSED2 (tools/perf/builtin-record.c).
class ZstdStream {
 public:
  ZstdStream();

  /// The next bytes of the stream, without a record around them.
  [[nodiscard]] std::string pack(std::string_view plain);

  [[nodiscard]] std::string compressed(std::string_view plain);
  [[nodiscard]] std::string compressed2(std::string_view plain);

 private:
  struct Free {
    void operator()(ZSTD_CCtx_s* stream) const noexcept;
  };
  std::unique_ptr<ZSTD_CCtx_s, Free> stream_;
};

/// COMPRESSED2 as perf 6.16 writes it when all of it, rounded up to 8, takes 64 KiB or more: header.size is what is
/// left of that in 16 bits, and nothing is filled up. More than 65,519 bytes come as several records, of which only
/// those behind the first have headers of their own.
[[nodiscard]] std::string overflowed_compressed2(std::string_view packed);

}  // namespace sockscope::test_support
