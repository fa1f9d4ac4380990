#include "parsers/perf_data/file_header.h"

#include <bit>

#include "parsers/perf_data/abi.h"

namespace sockscope::perf_data {
namespace {

// Both are numbers written in the recorder's byte order: on a little-endian machine "PERFILE2" and "PERFFILE".
constexpr std::uint64_t kMagic = 0x32454c4946524550;
constexpr std::uint64_t kMagicVersion1 = 0x454c494646524550;
constexpr std::uint64_t kSizeWithoutFeatures = 72;
constexpr std::uint64_t kFileHeaderSize = 104;

[[nodiscard]] bool read_section(ByteCursor& cursor, Section& section) {
  return cursor.read(section.offset) && cursor.read(section.size);
}

Result<ByteOrder> read_magic(ByteCursor cursor) {
  std::uint64_t magic = 0;
  if (!cursor.read(magic)) return fail(ErrorKind::kInput, "not a perf.data file: only {} bytes", cursor.remaining());
  if (magic == kMagic) return ByteOrder::kNative;
  if (std::byteswap(magic) == kMagic) return ByteOrder::kSwapped;
  if (magic == kMagicVersion1 || std::byteswap(magic) == kMagicVersion1) {
    return fail(ErrorKind::kInput, "perf.data of version 1, written by a perf before 3.5; record it again");
  }
  return fail(ErrorKind::kInput, "not a perf.data file: it does not begin with PERFILE2");
}

// The bits are an array of the recorder's longs. Where these have 32 bits and their most significant byte first, the
// halves of each word change places. Every perf sets the bit of its host's name, which tells (tools/perf/util/header.c,
// perf_file_header__read).
void order_features(FileHeader& header) {
  if (header.byte_order == ByteOrder::kNative || header.has_feature(feature::kHostname)) return;
  FileHeader of_32_bits = header;
  for (std::uint64_t& word : of_32_bits.features) word = std::rotl(word, 32);
  if (of_32_bits.has_feature(feature::kHostname)) header = of_32_bits;
}

}  // namespace

bool find_section(Bytes file, const Section& section, Bytes& out) noexcept {
  if (section.offset > file.size() || section.size > file.size() - section.offset) return false;
  out = file.subspan(static_cast<std::size_t>(section.offset), static_cast<std::size_t>(section.size));
  return true;
}

Result<FileHeader> parse_file_header(Bytes file) {
  const auto order = read_magic(ByteCursor(file));
  if (!order) return std::unexpected(order.error());
  FileHeader header;
  header.byte_order = *order;
  ByteCursor cursor(file, *order);
  if (!cursor.skip(sizeof kMagic) || !cursor.read(header.size))
    return fail(ErrorKind::kInput, "perf.data cut short after its magic");
  if (header.size == kPipeHeaderSize) {
    header.form = Form::kPipe;
    return header;
  }
  Section event_types;  // nothing has read these since 3.x
  if (header.size < kSizeWithoutFeatures || !cursor.read(header.attr_size) || !read_section(cursor, header.attrs) ||
      !read_section(cursor, header.data) || !read_section(cursor, event_types)) {
    return fail(ErrorKind::kInput, "perf.data header of {} bytes in a file of {}", header.size, file.size());
  }
  if (header.size < kFileHeaderSize) return header;
  for (std::uint64_t& word : header.features) {
    if (!cursor.read(word)) return fail(ErrorKind::kInput, "perf.data cut short in its feature bits");
  }
  order_features(header);
  return header;
}

}  // namespace sockscope::perf_data
