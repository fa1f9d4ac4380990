#include "parsers/perf_data/file_header.h"

#include <bit>

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

Result<> check_magic(ByteCursor& cursor) {
  std::uint64_t magic = 0;
  if (!cursor.read(magic)) return fail(ErrorKind::kInput, "not a perf.data file: only {} bytes", cursor.remaining());
  if (std::byteswap(magic) == kMagic) {
    return fail(ErrorKind::kInput, "was recorded on a machine of the other byte order, which is not supported yet");
  }
  if (magic == kMagicVersion1 || std::byteswap(magic) == kMagicVersion1) {
    return fail(ErrorKind::kInput, "perf.data of version 1, written by a perf before 3.5; record it again");
  }
  if (magic != kMagic) return fail(ErrorKind::kInput, "not a perf.data file: it does not begin with PERFILE2");
  return {};
}

}  // namespace

bool find_section(Bytes file, const Section& section, Bytes& out) noexcept {
  if (section.offset > file.size() || section.size > file.size() - section.offset) return false;
  out = file.subspan(static_cast<std::size_t>(section.offset), static_cast<std::size_t>(section.size));
  return true;
}

Result<FileHeader> parse_file_header(Bytes file) {
  ByteCursor cursor(file);
  if (auto magic = check_magic(cursor); !magic) return pass_on(magic);
  FileHeader header;
  if (!cursor.read(header.size)) return fail(ErrorKind::kInput, "perf.data cut short after its magic");
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
  return header;
}

}  // namespace sockscope::perf_data
