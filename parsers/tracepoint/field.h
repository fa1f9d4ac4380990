#pragma once

#include <cstdint>
#include <string>

namespace sockscope::tracepoint {

/// Where the bytes of a field are.
enum class Locator {
  kFixed,    ///< At its offset in the payload.
  kDataLoc,  ///< `__data_loc`: the field holds length << 16 | offset, counted from the start of the payload.
  kRelLoc,   ///< `__rel_loc` (5.16): the same, but the offset counts from the end of the field itself.
};

/// One field of a tracepoint, as its format describes it. Offsets and sizes are of the recorded kernel: they differ
/// between versions and must never be written into code.
struct Field {
  std::string name;
  std::string type;                ///< As C wrote it: "unsigned long", "char[16]", "__data_loc char[]".
  std::uint32_t offset = 0;        ///< Bytes from the start of the payload (common_type is at 0).
  std::uint32_t size = 0;          ///< Bytes of the whole field; 4 for a data_loc or rel_loc.
  std::uint32_t element_size = 0;  ///< Bytes of one element of an array; size for a scalar.
  bool is_signed = false;
  bool is_array = false;
  bool is_string = false;  ///< An array of char.
  bool is_pointer = false;
  Locator locator = Locator::kFixed;
};

}  // namespace sockscope::tracepoint
