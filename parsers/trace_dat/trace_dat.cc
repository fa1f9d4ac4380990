#include "parsers/trace_dat/trace_dat.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstdlib>
#include <utility>

#include "parsers/perf_data/byte_cursor.h"
#include "parsers/trace_dat/compression.h"

namespace sockscope::trace_dat {
namespace {

using perf_data::as_text;
using perf_data::ByteCursor;
using perf_data::until_nul;

constexpr std::string_view kMagic("\x17\x08\x44tracing");
// A kernel's formats and symbols come to some 10 MB, together.
constexpr std::size_t kLargestSection = std::size_t{256} << 20U;
constexpr std::size_t kMostOptionSections = 1024;
constexpr std::size_t kMostCpus = 8192;  // CONFIG_NR_CPUS ends there
constexpr std::uint32_t kLargestPage = 1U << 20U;

namespace option {
constexpr std::uint16_t kDone = 0;
constexpr std::uint16_t kBuffer = 3;
constexpr std::uint16_t kTraceClock = 4;
constexpr std::uint16_t kUname = 5;
constexpr std::uint16_t kOffset = 7;
constexpr std::uint16_t kVersion = 9;
constexpr std::uint16_t kTscToNs = 14;
constexpr std::uint16_t kHeaderInfo = 16;
constexpr std::uint16_t kFtraceEvents = 17;
constexpr std::uint16_t kEventFormats = 18;
constexpr std::uint16_t kKallsyms = 19;
constexpr std::uint16_t kCmdlines = 21;
}  // namespace option

constexpr std::uint16_t kIsCompressed = 1;

std::unexpected<Error> damaged(std::string_view part) {
  return fail(ErrorKind::kInput, "is a trace.dat that is damaged or cut short in its {}", part);
}

[[nodiscard]] bool read_named_text(ByteCursor& cursor, std::string_view name, std::string_view& text) {
  std::string_view found;
  return cursor.read_c_string(found) && found == name && cursor.read_sized_text(text);
}

[[nodiscard]] bool skip_formats(ByteCursor& cursor) {
  std::uint32_t count = 0;
  if (!cursor.read(count) || !cursor.fits(count, sizeof(std::uint64_t))) return false;
  for (std::uint32_t i = 0; i < count; ++i) {
    std::string_view text;
    if (!cursor.read_sized_text(text)) return false;
  }
  return true;
}

[[nodiscard]] bool skip_systems(ByteCursor& cursor) {
  std::uint32_t count = 0;
  if (!cursor.read(count) || !cursor.fits(count, sizeof(std::uint32_t))) return false;
  for (std::uint32_t i = 0; i < count; ++i) {
    std::string_view system;
    if (!cursor.read_c_string(system) || !skip_formats(cursor)) return false;
  }
  return true;
}

/// A u32 or a u64 size, and that many bytes.
template <class Size>
[[nodiscard]] bool read_block(ByteCursor& cursor, std::string_view& text) {
  Size size = 0;
  Bytes bytes;
  if (!cursor.read(size) || !cursor.read_bytes(size, bytes)) return false;
  text = as_text(bytes);
  return true;
}

/// What `skip` goes over.
template <class Skip>
[[nodiscard]] bool read_verbatim(ByteCursor& cursor, Bytes whole, Skip skip, Bytes& out) {
  const std::size_t from = cursor.position();
  if (!skip(cursor)) return false;
  out = whole.subspan(from, cursor.position() - from);
  return true;
}

/// "local [global] counter": the one in brackets. Or just one word.
std::string chosen_clock(std::string_view text) {
  text = until_nul(text);
  const std::size_t open = text.find('[');
  const std::size_t close = text.find(']', std::min(open, text.size()));
  std::string_view clock = text;
  if (open != std::string_view::npos && close != std::string_view::npos)
    clock = text.substr(open + 1, close - open - 1);
  while (clock.ends_with('\n') || clock.ends_with(' ')) clock.remove_suffix(1);
  return std::string(clock);
}

/// As trace-cmd reads it, with strtoll(3) and base 0: a sign, and 0x or digits. Nothing: it is something else.
std::optional<std::int64_t> number_of(std::string_view text) {
  const std::string digits(text);
  char* end = nullptr;
  errno = 0;
  const std::int64_t number = std::strtoll(digits.c_str(), &end, 0);
  return digits.empty() || *end != '\0' || errno != 0 ? std::nullopt : std::optional(number);
}

class Parser {
 public:
  explicit Parser(Bytes file) : file_(file) {}

  Result<TraceDat> parse() {
    ByteCursor cursor(file_);
    if (auto started = read_start(cursor); !started) return pass_on(started);
    auto read = out_.version == 6 ? read_version_6(cursor) : read_version_7(cursor);
    if (!read) return pass_on(read);
    if (auto checked = check(); !checked) return pass_on(checked);
    return std::move(out_);
  }

 private:
  Result<> read_start(ByteCursor& cursor) {
    Bytes magic;
    std::string_view version;
    std::uint8_t is_big = 0;
    if (!cursor.read_bytes(kMagic.size(), magic) || as_text(magic) != kMagic) {
      return fail(ErrorKind::kInput, "is no trace.dat");
    }
    if (!cursor.read_c_string(version) || !cursor.read(is_big) || !cursor.read(out_.long_size))
      return damaged("header");
    if (version != "6" && version != "7") {
      return fail(ErrorKind::kInput, "is a trace.dat of version {}: 6 and 7 can be read", version.substr(0, 16));
    }
    if ((is_big != 0) != (std::endian::native == std::endian::big)) {
      return fail(ErrorKind::kInput, "is a trace.dat of a machine of the other byte order, which is not read");
    }
    if (!cursor.read(out_.page_size)) return damaged("header");
    out_.version = version == "6" ? 6 : 7;
    return {};
  }

  Result<> read_version_6(ByteCursor& cursor) {
    std::string_view printk;
    if (!read_named_text(cursor, "header_page", out_.header_page) ||
        !read_named_text(cursor, "header_event", out_.header_event)) {
      return damaged("headers");
    }
    if (!read_verbatim(cursor, file_, skip_formats, out_.ftrace_formats) ||
        !read_verbatim(cursor, file_, skip_systems, out_.event_formats)) {
      return damaged("formats");
    }
    if (!read_block<std::uint32_t>(cursor, out_.kallsyms) || !read_block<std::uint32_t>(cursor, printk) ||
        !read_block<std::uint64_t>(cursor, out_.cmdlines)) {
      return damaged("symbols");
    }
    if (!cursor.read(cpus_) || cpus_ > kMostCpus) return damaged("number of CPUs");
    std::string_view part;
    if (!read_part_name(cursor, part)) return damaged("options");
    if (part.starts_with("options")) {
      if (auto read = read_options_6(cursor); !read) return read;
      if (!read_part_name(cursor, part)) return damaged("options");
    }
    if (!part.starts_with("flyrecord")) {
      return fail(ErrorKind::kInput, "is a trace.dat of a latency tracer, which has text alone in it");
    }
    return read_cpus_6(cursor);
  }

  static bool read_part_name(ByteCursor& cursor, std::string_view& name) {
    constexpr std::size_t size = 10;
    Bytes bytes;
    if (!cursor.read_bytes(size, bytes)) return false;
    name = as_text(bytes);
    return true;
  }

  Result<> read_options_6(ByteCursor& cursor) {
    while (true) {
      std::uint16_t id = 0;
      std::uint32_t size = 0;
      Bytes data;
      if (!cursor.read(id)) return damaged("options");
      if (id == option::kDone) return {};
      if (!cursor.read(size) || !cursor.read_bytes(size, data)) return damaged("options");
      if (id == option::kBuffer) {
        if (auto read = read_instance_6(data); !read) return read;
      } else if (!read_fact(id, data)) {
        return damaged("options");
      }
    }
  }

  Result<> read_instance_6(Bytes data) {
    ByteCursor cursor(data);
    std::uint64_t offset = 0;
    if (!cursor.read(offset) || offset > file_.size()) return damaged("buffers");
    ByteCursor buffers(file_);
    std::string_view part;
    if (!buffers.skip(offset) || !read_part_name(buffers, part) || !part.starts_with("flyrecord")) {
      return damaged("buffers");
    }
    return read_cpus_6(buffers);
  }

  Result<> read_cpus_6(ByteCursor& cursor) {
    constexpr std::uint64_t entry_size = 2 * sizeof(std::uint64_t);
    if (!take(cpus_ * entry_size)) return damaged("buffers");
    ++out_.instances;
    for (std::uint32_t cpu = 0; cpu < cpus_; ++cpu) {
      std::uint64_t offset = 0;
      std::uint64_t size = 0;
      if (!cursor.read(offset) || !cursor.read(size) || !add_buffer(cpu, offset, size, false))
        return damaged("buffers");
    }
    return {};
  }

  Result<> read_version_7(ByteCursor& cursor) {
    std::string_view compression;
    std::string_view version;
    std::uint64_t offset = 0;
    if (!cursor.read_c_string(compression) || !cursor.read_c_string(version) || !cursor.read(offset)) {
      return damaged("header");
    }
    compression_ = compression;
    for (std::size_t count = 0; offset != 0; ++count) {
      auto next = count < kMostOptionSections ? read_options_7(offset) : damaged("options");
      if (!next) return pass_on(next);
      offset = *next;
    }
    return {};
  }

  struct Section {
    std::uint16_t id = 0;
    bool is_compressed = false;
    std::uint64_t size = 0;
  };

  [[nodiscard]] bool read_section_header(ByteCursor& cursor, std::uint64_t offset, Section& section) const {
    std::uint16_t flags = 0;
    std::uint32_t description = 0;
    if (!cursor.skip(offset) || !cursor.read(section.id) || !cursor.read(flags) || !cursor.read(description) ||
        !cursor.read(section.size)) {
      return false;
    }
    section.is_compressed = (flags & kIsCompressed) != 0;
    return true;
  }

  /// Counts so many bytes of the file as read. Its parts do not overlap: false if it names them again and again, for
  /// which memory and time would have no bound.
  [[nodiscard]] bool take(std::uint64_t size) {
    if (size > file_.size() - taken_) return false;
    taken_ += size;
    return true;
  }

  /// The content of a section, unpacked if need be.
  Result<Bytes> section_at(std::uint64_t offset, std::uint16_t id, std::string_view what) {
    ByteCursor cursor(file_);
    Section section;
    Bytes content;
    if (!read_section_header(cursor, offset, section) || section.id != id ||
        !cursor.read_bytes(section.size, content) || !take(section.size)) {
      return damaged(what);
    }
    if (!section.is_compressed) return content;
    if (auto can = check_compression(); !can) return pass_on(can);
    ByteCursor packed(content);
    if (!unpack_chunk(packed, kLargestSection - unpacked_size_, out_.unpacked.emplace_back())) return damaged(what);
    unpacked_size_ += out_.unpacked.back().size();
    return Bytes(out_.unpacked.back());
  }

  [[nodiscard]] Result<> check_compression() const {
    if (compression_ == "zstd") return {};
    return fail(ErrorKind::kInput,
                "is a trace.dat that is compressed with {}: unpack it with trace-cmd convert "
                "--compression none -i FILE -o NEW",
                compression_.substr(0, 16));
  }

  /// Returns where the next options are; 0: there are none.
  Result<std::uint64_t> read_options_7(std::uint64_t offset) {
    const auto content = section_at(offset, option::kDone, "options");
    if (!content) return std::unexpected(content.error());
    ByteCursor cursor(*content);
    while (true) {
      std::uint16_t id = 0;
      std::uint32_t size = 0;
      Bytes data;
      if (!cursor.read(id) || !cursor.read(size) || !cursor.read_bytes(size, data)) return damaged("options");
      if (id == option::kDone) {
        std::uint64_t next = 0;
        ByteCursor done(data);
        if (!done.read(next)) return damaged("options");
        return next;
      }
      if (auto read = read_option_7(id, data); !read) return pass_on(read);
    }
  }

  Result<> read_option_7(std::uint16_t id, Bytes data) {
    if (id == option::kBuffer) return read_instance_7(data);
    constexpr std::array sections{option::kHeaderInfo, option::kFtraceEvents, option::kEventFormats, option::kKallsyms,
                                  option::kCmdlines};
    if (std::ranges::find(sections, id) == sections.end()) {
      if (!read_fact(id, data)) return damaged("options");
      return {};
    }
    std::uint64_t offset = 0;
    ByteCursor cursor(data);
    if (!cursor.read(offset)) return damaged("options");
    const auto content = section_at(offset, id, "sections");
    if (!content) return std::unexpected(content.error());
    return take_section(id, *content);
  }

  Result<> take_section(std::uint16_t id, Bytes content) {
    ByteCursor cursor(content);
    bool is_sound = true;
    switch (id) {
      case option::kHeaderInfo:
        is_sound = read_named_text(cursor, "header_page", out_.header_page) &&
                   read_named_text(cursor, "header_event", out_.header_event);
        break;
      case option::kFtraceEvents:
        is_sound = read_verbatim(cursor, content, skip_formats, out_.ftrace_formats);
        break;
      case option::kEventFormats:
        is_sound = read_verbatim(cursor, content, skip_systems, out_.event_formats);
        break;
      case option::kKallsyms:
        is_sound = read_block<std::uint32_t>(cursor, out_.kallsyms);
        break;
      default:
        is_sound = read_block<std::uint64_t>(cursor, out_.cmdlines);
    }
    if (!is_sound) return damaged("sections");
    return {};
  }

  Result<> read_instance_7(Bytes data) {
    ByteCursor cursor(data);
    std::uint64_t offset = 0;
    std::string_view name;
    std::string_view clock;
    std::uint32_t page_size = 0;
    std::uint32_t cpus = 0;
    Section section;
    ByteCursor at(file_);
    if (!cursor.read(offset) || !cursor.read_c_string(name) || !cursor.read_c_string(clock) ||
        !cursor.read(page_size) || !cursor.read(cpus) || !read_section_header(at, offset, section)) {
      return damaged("buffers");
    }
    if (section.is_compressed) {
      if (auto can = check_compression(); !can) return can;
    }
    ++out_.instances;
    out_.page_size = page_size;
    if (cpus != 0) clocks_.push_back(chosen_clock(clock));
    for (std::uint32_t i = 0; i < cpus; ++i) {
      std::uint32_t cpu = 0;
      std::uint64_t size = 0;
      if (!cursor.read(cpu) || !cursor.read(offset) || !cursor.read(size) ||
          !add_buffer(cpu, offset, size, section.is_compressed)) {
        return damaged("buffers");
      }
    }
    return {};
  }

  [[nodiscard]] bool add_buffer(std::uint32_t cpu, std::uint64_t offset, std::uint64_t size, bool is_compressed) {
    ByteCursor cursor(file_);
    Bytes bytes;
    if (cpu >= kMostCpus || out_.buffers.size() >= kMostCpus) return false;
    if (size == 0) return true;
    // trace-cmd does not count the number in front of the chunks.
    if (is_compressed) size += sizeof(std::uint32_t);
    if (!cursor.skip(offset) || !cursor.read_bytes(size, bytes) || !take(size)) return false;
    out_.buffers.push_back({.cpu = cpu, .bytes = bytes, .is_compressed = is_compressed});
    return true;
  }

  [[nodiscard]] bool read_fact(std::uint16_t id, Bytes data) {
    const std::string_view text = until_nul(as_text(data));
    ByteCursor cursor(data);
    std::optional<std::int64_t> offset;
    switch (id) {
      case option::kTraceClock:
        out_.clock = chosen_clock(text);
        break;
      case option::kUname:
        out_.uname = text;
        break;
      case option::kVersion:
        out_.recorder = text;
        break;
      case option::kOffset:
        offset = number_of(text);
        if (!offset) return false;
        out_.time.offset_ns += static_cast<std::uint64_t>(*offset);
        break;
      case option::kTscToNs:
        // An offset follows, which trace-cmd does not apply to events either (timestamp_calc() in trace-input.c).
        return cursor.read(out_.time.mult) && cursor.read(out_.time.shift);
      default:
        break;
    }
    return true;
  }

  Result<> check() {
    if (!clocks_.empty()) out_.clock = clocks_.front();
    const bool agree = std::ranges::all_of(clocks_, [&](const std::string& clock) { return clock == out_.clock; });
    if (!agree) {
      return fail(ErrorKind::kInput, "is a trace.dat of instances with different clocks, whose events have no order");
    }
    const bool is_counter = out_.clock == "counter" || (out_.clock.ends_with("tsc") && out_.time.mult == 0);
    if (is_counter) {
      return fail(ErrorKind::kInput, "is a trace.dat of the clock {}, which does not tell time: record with -C mono",
                  out_.clock);
    }
    if (out_.time.shift >= 64 || out_.page_size == 0 || out_.page_size > kLargestPage) return damaged("header");
    if (out_.header_page.empty() || out_.event_formats.empty()) return damaged("formats");
    const std::size_t described =
        out_.ftrace_formats.size() + out_.event_formats.size() + out_.kallsyms.size() + out_.cmdlines.size();
    if (described > kLargestSection) {
      return fail(ErrorKind::kInput, "is a trace.dat with {} MB of formats and symbols, more than any kernel has",
                  described >> 20U);
    }
    if (out_.buffers.empty()) return fail(ErrorKind::kInput, "is a trace.dat without an event in it");
    return {};
  }

  Bytes file_;
  TraceDat out_;
  std::uint32_t cpus_ = 0;
  std::string compression_;
  std::vector<std::string> clocks_;
  std::size_t unpacked_size_ = 0;
  std::uint64_t taken_ = 0;  // bytes of the file, as take() counts them
};

}  // namespace

Result<TraceDat> parse_trace_dat(Bytes file) { return Parser(file).parse(); }

}  // namespace sockscope::trace_dat
