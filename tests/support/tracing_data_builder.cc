#include "tests/support/tracing_data_builder.h"

#include <bit>

#include "tests/support/byte_writer.h"

namespace sockscope::test_support {
namespace {

constexpr std::uint32_t kPageSize = 4096;

void put_sized_text(ByteWriter& out, const std::string& text) { out.u64(text.size()).text(text); }

}  // namespace

std::string tracing_data_bytes(const std::vector<FormatSpec>& formats, const TracingDataShape& shape) {
  const bool native = shape.order == perf_data::ByteOrder::kNative;
  const bool big = (std::endian::native == std::endian::big) == native;
  ByteWriter out(shape.order);
  out.text("\x17\x08\x44tracing").c_string(shape.version).u8(big ? 1 : 0).u8(shape.long_size).u32(kPageSize);
  out.c_string("header_page");
  put_sized_text(out, "\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n");
  out.c_string("header_event");
  put_sized_text(out, "# compressed entry header\n");
  out.u32(0);  // formats of ftrace's own events
  out.u32(static_cast<std::uint32_t>(formats.size()));
  for (const FormatSpec& format : formats) {
    out.c_string(format.system).u32(1);
    put_sized_text(out, format.text);
  }
  out.u32(0);  // kallsyms
  out.u32(0);  // printk formats
  out.u64(0);  // saved command lines
  return out.str();
}

}  // namespace sockscope::test_support
