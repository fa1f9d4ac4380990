#include "parsers/trace_dat/trace_dat.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "parsers/perf_data/byte_cursor.h"
#include "parsers/trace_dat/compression.h"
#include "parsers/trace_dat/description.h"
#include "parsers/trace_dat/options.h"

namespace sockscope::trace_dat {
namespace {

using perf_data::as_text;
using perf_data::ByteCursor;

constexpr std::string_view kMagic("\x17\x08\x44tracing");
// A kernel's formats and symbols come to some 10 MB, together.
constexpr std::size_t kLargestSection = std::size_t{256} << 20U;
constexpr std::size_t kMostOptionSections = 1024;
constexpr std::size_t kMostCpus = 8192;  // CONFIG_NR_CPUS ends there
constexpr std::uint32_t kLargestPage = 1U << 20U;

constexpr std::uint16_t kIsCompressed = 1;

std::unexpected<Error> damaged(std::string_view part) {
  return fail(ErrorKind::kInput, "is a trace.dat that is damaged or cut short in its {}", part);
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
    if (!read_formats(cursor, file_, out_.ftrace_formats) || !read_systems(cursor, file_, out_.event_formats)) {
      return damaged("formats");
    }
    if (!read_short_text(cursor, out_.kallsyms) || !read_short_text(cursor, printk) ||
        !cursor.read_sized_text(out_.cmdlines)) {
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
      } else if (!read_fact(id, data, out_)) {
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
      if (!read_fact(id, data, out_)) return damaged("options");
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
        is_sound = read_formats(cursor, content, out_.ftrace_formats);
        break;
      case option::kEventFormats:
        is_sound = read_systems(cursor, content, out_.event_formats);
        break;
      case option::kKallsyms:
        is_sound = read_short_text(cursor, out_.kallsyms);
        break;
      default:
        is_sound = cursor.read_sized_text(out_.cmdlines);
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
