#include <zstd.h>

#include <algorithm>
#include <string>

#include "parsers/perf_data/abi.h"
#include "parsers/perf_data/unpacker.h"
#include "tests/fuzz/target.h"
#include "tests/support/perf_records.h"

// Compressed records. An input of odd first byte is a stream of records as it lies in the file; of an even one the rest
// is what was compressed, and must come out again in the same order, as far as it consists of records.
namespace {

using namespace sockscope;  // NOLINT(google-build-using-namespace): the program is nothing but this
using perf_data::Bytes;

// The output, or a trap where it is not made of whole records.
std::string unpack(Bytes region) {
  std::string output;
  perf_data::Unpacker unpacker(perf_data::ByteOrder::kNative, [&](Bytes records) -> Result<> {
    output.append(perf_data::as_text(records));
    return {};
  });
  if (!unpacker.unpack(region)) __builtin_trap();
  return output;
}

// One zstd frame of `text`, cut into records of at most `chunk` bytes, of both kinds in turn.
std::string compressed(Bytes text, std::size_t chunk) {
  std::string packed(ZSTD_compressBound(text.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 1));
  std::string records;
  bool is_second_kind = false;
  for (std::size_t at = 0; at < packed.size(); at += chunk) {
    const std::string_view part = std::string_view(packed).substr(at, chunk);
    if (is_second_kind) {
      test_support::ByteWriter body;
      body.u64(part.size()).text(part).pad_to((part.size() + 15) / 8 * 8);
      records += test_support::record_bytes(perf_data::record_type::kCompressed2, body.str());
    } else {
      records += test_support::record_bytes(perf_data::record_type::kCompressed, part);
    }
    is_second_kind = !is_second_kind;
  }
  return records;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const Bytes rest = fuzz::input_bytes(data, size).subspan(2);
  if (data[0] % 2 == 1) {
    static_cast<void>(unpack(rest));
    return 0;
  }
  const std::string records = compressed(rest, data[1] + std::size_t{1});
  const std::string output = unpack(test_support::bytes_of(records));
  if (!perf_data::as_text(rest).starts_with(output)) __builtin_trap();
  return 0;
}
