#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "parsers/perf_data/bytes.h"

/// What every fuzz target defines (https://llvm.org/docs/LibFuzzer.html). Whatever the input, it returns 0, in time
/// linear in the input's size, and leaves nothing behind; a sanitizer or the address space says otherwise.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace sockscope::fuzz {

[[nodiscard]] inline perf_data::Bytes input_bytes(const std::uint8_t* data, std::size_t size) {
  return std::as_bytes(std::span(data, size));
}

/// Reads both ends of what a parser says is there, which is all that bounds can get wrong.
inline void touch(perf_data::Bytes bytes) {
  if (bytes.empty()) return;
  [[maybe_unused]] volatile const std::byte first = bytes.front();
  [[maybe_unused]] volatile const std::byte last = bytes.back();
}

inline void touch(std::string_view text) { touch(std::as_bytes(std::span(text))); }

}  // namespace sockscope::fuzz
