#include "tests/support/trace_dat_builder.h"

#include <zstd.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <string_view>

#include "tests/parsers/ring_buffer/pages.h"
#include "tests/support/byte_writer.h"

namespace sockscope::test_support {
namespace {

constexpr std::size_t kPagesOfChunk = 2;

using Buffers = std::vector<std::pair<std::uint32_t, std::string>>;

std::string packed(std::string_view plain) {
  std::string frame(ZSTD_compressBound(plain.size()), '\0');
  frame.resize(ZSTD_compress(frame.data(), frame.size(), plain.data(), plain.size(), 1));
  return ByteWriter()
      .u32(static_cast<std::uint32_t>(frame.size()))
      .u32(static_cast<std::uint32_t>(plain.size()))
      .text(frame)
      .str();
}

class Builder {
 public:
  explicit Builder(const TraceDatSpec& spec) : spec_(spec), out_(spec.order) {}

  std::string build() {
    const bool native = spec_.order == perf_data::ByteOrder::kNative;
    const bool big = (std::endian::native == std::endian::big) == native;
    out_.text("\x17\x08\x44tracing").c_string(spec_.version).u8(big ? 1 : 0).u8(8).u32(spec_.page_size);
    return spec_.version == "6" ? version_6() : version_7();
  }

 private:
  [[nodiscard]] ByteWriter writer() const { return ByteWriter(spec_.order); }

  [[nodiscard]] std::string sized(std::string_view text) const { return writer().u64(text.size()).text(text).str(); }

  [[nodiscard]] std::string headers() const {
    return writer()
        .c_string("header_page")
        .text(sized(ring_buffer::kHeaderPage))
        .c_string("header_event")
        .text(sized("# compressed entry header\n"))
        .str();
  }
  [[nodiscard]] std::string ftrace() const {
    ByteWriter out = writer();
    out.u32(static_cast<std::uint32_t>(spec_.ftrace.size()));
    for (const std::string& format : spec_.ftrace) out.text(sized(format));
    return out.str();
  }
  [[nodiscard]] std::string events() const {
    ByteWriter out = writer();
    out.u32(static_cast<std::uint32_t>(spec_.events.size()));
    for (const FormatSpec& format : spec_.events) out.c_string(format.system).u32(1).text(sized(format.text));
    return out.str();
  }
  [[nodiscard]] std::string kallsyms() const {
    return writer().u32(static_cast<std::uint32_t>(spec_.kallsyms.size())).text(spec_.kallsyms).str();
  }

  std::string version_6() {
    out_.text(headers()).text(ftrace()).text(events()).text(kallsyms()).u32(0).text(sized(spec_.cmdlines));
    out_.u32(static_cast<std::uint32_t>(spec_.cpus.size()));
    std::string options =
        trace_dat_option(4, spec_.clock + '\0') + trace_dat_option(5, spec_.uname + '\0') + spec_.options;
    // The second instance's table stands where the first's pages begin: at a place that is known beforehand.
    const std::size_t instance_option = spec_.more_cpus.empty() ? 0 : 6 + 8 + 1;
    const std::size_t end = out_.size() + 10 + options.size() + instance_option + 2 + 10 + spec_.cpus.size() * 16;
    const std::size_t pages_at = (end / spec_.page_size + 1) * spec_.page_size;
    std::size_t at = pages_at;
    for (const auto& [cpu, pages] : spec_.cpus) at += pages.size();
    if (!spec_.more_cpus.empty()) options += trace_dat_option(3, writer().u64(at).zeros(1).str());
    out_.text(std::string_view("options  \0", 10)).text(options).u16(0);
    out_.text(std::string_view("flyrecord\0", 10));
    put_table_6(spec_.cpus, pages_at);
    out_.pad_to(pages_at);
    for (const auto& [cpu, pages] : spec_.cpus) out_.text(pages);
    if (spec_.more_cpus.empty()) return out_.str();
    out_.text(std::string_view("flyrecord\0", 10));
    put_table_6(spec_.more_cpus, out_.size() + spec_.more_cpus.size() * 16);
    for (const auto& [cpu, pages] : spec_.more_cpus) out_.text(pages);
    return out_.str();
  }

  void put_table_6(const Buffers& buffers, std::size_t at) {
    for (const auto& [cpu, pages] : buffers) {
      out_.u64(at).u64(pages.size());
      at += pages.size();
    }
  }

  std::string version_7() {
    out_.c_string(spec_.is_compressed ? spec_.compression : "none").c_string("1.5.4");
    const std::size_t offset_at = out_.size();
    out_.u64(0);
    std::string options;
    const auto add_section = [&](std::uint16_t id, const std::string& content) {
      options += trace_dat_option(id, writer().u64(out_.size()).str());
      const std::string stored = spec_.is_compressed ? packed(content) : content;
      out_.u16(id).u16(spec_.is_compressed ? 1 : 0).u32(0).u64(stored.size()).text(stored);
    };
    add_section(16, headers());
    add_section(17, ftrace());
    add_section(18, events());
    add_section(19, kallsyms());
    add_section(21, sized(spec_.cmdlines));
    options += trace_dat_option(4, spec_.clock + '\0') + trace_dat_option(5, spec_.uname + '\0') + spec_.options;
    // The buffers' options come in a section of their own.
    const std::size_t first = out_.size();
    const std::size_t first_size = options.size() + 6 + 8;
    options += trace_dat_option(0, writer().u64(first + 16 + first_size).str());
    out_.u16(0).u16(0).u32(0).u64(options.size()).text(options);
    const std::size_t second = out_.size();
    const std::size_t second_size =
        option_size(spec_.cpus, spec_.clock) + option_size(spec_.more_cpus, spec_.second_clock) + 6 + 8;
    std::string buffers;
    std::string data;
    for (const auto& [cpus, clock] : {std::pair{&spec_.cpus, &spec_.clock}, {&spec_.more_cpus, &spec_.second_clock}}) {
      if (!cpus->empty()) buffers += instance_7(*cpus, *clock, second + 16 + second_size, data);
    }
    buffers += trace_dat_option(0, writer().u64(0).str());
    out_.u16(0).u16(0).u32(0).u64(buffers.size()).text(buffers).text(data);
    std::string bytes = out_.str();
    const std::string offset = writer().u64(first).str();
    bytes.replace(offset_at, offset.size(), offset);
    return bytes;
  }

  static std::size_t option_size(const Buffers& cpus, std::string_view clock) {
    return cpus.empty() ? 0 : 6 + 8 + 1 + clock.size() + 1 + 8 + cpus.size() * 20;
  }

  [[nodiscard]] std::string instance_7(const Buffers& cpus, const std::string& clock, std::size_t data_at,
                                       std::string& data) const {
    ByteWriter option = writer();
    option.u64(data_at + data.size()).c_string("").c_string(clock).u32(spec_.page_size);
    option.u32(static_cast<std::uint32_t>(cpus.size()));
    data += writer().u16(3).u16(spec_.is_compressed ? 1 : 0).u32(0).u64(0).str();
    for (const auto& [cpu, pages] : cpus) {
      const std::string stored = spec_.is_compressed ? chunks(pages) : pages;
      // trace-cmd leaves the number of chunks out of the size.
      option.u32(cpu).u64(data_at + data.size()).u64(stored.size() - (spec_.is_compressed ? 4 : 0));
      data += stored;
    }
    return trace_dat_option(3, option.str());
  }

  [[nodiscard]] std::string chunks(std::string_view pages) const {
    ByteWriter out;
    const std::size_t size = kPagesOfChunk * spec_.page_size;
    out.u32(static_cast<std::uint32_t>((pages.size() + size - 1) / size));
    for (std::size_t at = 0; at < pages.size(); at += size) out.text(packed(pages.substr(at, size)));
    return out.str();
  }

  const TraceDatSpec& spec_;
  ByteWriter out_;
};

}  // namespace

std::string trace_dat_bytes(const TraceDatSpec& spec) { return Builder(spec).build(); }

std::string trace_dat_option(std::uint16_t id, std::string_view data) {
  return ByteWriter().u16(id).u32(static_cast<std::uint32_t>(data.size())).text(data).str();
}

}  // namespace sockscope::test_support
