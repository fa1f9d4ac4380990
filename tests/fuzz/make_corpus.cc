#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/perf_data/reader.h"
#include "parsers/tracepoint/catalog.h"
#include "tests/fuzz/event_seed.h"
#include "tests/parsers/ring_buffer/pages.h"
#include "tests/support/perf_data_builder.h"
#include "tests/support/trace_dat_builder.h"
#include "tests/support/tracing_data_builder.h"

// Writes the seeds of every fuzz target: make_fuzz_corpus FOLDER TCP UDP. They are put together by the tests'
// builders, and the formats and payloads are those of a recording of tests/data.
namespace sockscope {
namespace {

namespace fs = std::filesystem;
using perf_data::ByteOrder;
using perf_data::feature::kCmdline;
using perf_data::feature::kOsrelease;
using test_support::ByteWriter;
using test_support::FormatSpec;
using test_support::PerfDataBuilder;
using namespace perf_data::sample_bit;  // NOLINT(google-build-using-namespace): a sample_type is many of them

/// A tracepoint of the recording and the payload of its first sample.
struct Tracepoint {
  FormatSpec format;
  std::string name;  ///< "system:name"
  std::uint16_t id = 0;
  std::string payload;
};

std::string payload_of(const perf_data::Reader& reader, std::uint16_t id) {
  auto stream = reader.records();
  while (const perf_data::Record* record = stream.next()) {
    const bool sample = record->type == perf_data::record_type::kSample;
    if (sample && tracepoint::common_type(record->payload) == id)
      return std::string(perf_data::as_text(record->payload));
  }
  return {};
}

std::vector<Tracepoint> tracepoints_of(const perf_data::Reader& reader) {
  std::vector<Tracepoint> tracepoints;
  for (const perf_data::FormatSource& source : reader.tracing_data()->formats) {
    const auto catalog = tracepoint::Catalog::from_format_texts({&source, 1});
    const tracepoint::Format& format = catalog->formats().front();
    tracepoints.push_back({.format = {format.system, std::string(source.text)},
                           .name = format.full_name(),
                           .id = format.id,
                           .payload = payload_of(reader, format.id)});
  }
  std::ranges::sort(tracepoints, {}, [](const Tracepoint& one) { return one.format.text.size(); });
  return tracepoints;
}

class Corpus {
 public:
  Corpus(const fs::path& folder, const std::string& target) : folder_(folder / target) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void add(const std::string& name, std::string_view bytes) {
    if (bytes.size() > kMaxSize) return;
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
  }

 private:
  static constexpr std::size_t kMaxSize = 8192;
  fs::path folder_;
};

void write_formats(Corpus corpus, const std::vector<Tracepoint>& tracepoints) {
  std::set<std::string> systems;
  for (const Tracepoint& one : tracepoints) {
    // The smallest of each system, and those whose print fmt has names in it.
    const bool has_names = one.format.text.contains("__print_");
    if (!systems.insert(one.format.system).second && !has_names) continue;
    const std::string file = one.format.system + "-" + one.name.substr(one.name.find(':') + 1);
    corpus.add(file, one.format.text + '\0' + one.payload);
  }
  const auto format = [](std::string_view fields, std::string_view print_fmt) {
    return fmt::format(
        "name: made_up\nID: 7\nformat:\n\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
        "\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"
        "\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n"
        "\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n{}\nprint fmt: {}\n",
        fields, print_fmt);
  };
  const std::string payload = ByteWriter().u16(7).u16(0).u32(1).u32(0x0002000c).u32(0x78797a00).str();
  const std::string where = ";\toffset:8;\tsize:4;\tsigned:0;\n";
  corpus.add("data_loc", format("\tfield:__data_loc char[] name" + where, R"("%s", __get_str(name))") + '\0' + payload);
  corpus.add("rel_loc",
             format("\tfield:__rel_loc char[] name" + where, R"("%s", __get_rel_str(name))") + '\0' + payload);
  corpus.add("array", format("\tfield:u16 args[2]" + where, R"("%d", REC->args[0])") + '\0' + payload);
  corpus.add("pointer", format("\tfield:const void * at" + where, R"("%p", REC->at)") + '\0' + payload);
  corpus.add("flags", format("\tfield:int f" + where,
                             R"("%s", __print_flags(REC->f & ~(1UL << 3), "|", { (1 + 2) * 3 / 4, "A" }, )"
                             R"({ 0x10 >> 1, "B" }, { !0 % 7, "C" }) : "-")") +
                          '\0' + payload);
  corpus.add("malformed", "name: \nID: 99999999\nformat:\n");
}

void write_tracing_data(Corpus corpus, const std::vector<Tracepoint>& tracepoints) {
  std::vector<FormatSpec> formats;
  for (const Tracepoint& one : tracepoints) {
    formats.push_back(one.format);
    if (formats.size() == 4) break;
  }
  corpus.add("none", test_support::tracing_data_bytes({}));
  corpus.add("four", test_support::tracing_data_bytes(formats));
  formats.resize(1);
  corpus.add("one", test_support::tracing_data_bytes(formats));
  corpus.add("old-32-bit", test_support::tracing_data_bytes(formats, {.version = "0.5", .long_size = 4}));
  corpus.add("other-order", test_support::tracing_data_bytes(formats, {.order = ByteOrder::kSwapped}));
  formats.push_back(formats.front());
  corpus.add("same-id-twice", test_support::tracing_data_bytes(formats));
  corpus.add("no-format-at-all", test_support::tracing_data_bytes({{"sched", ""}, {"", "name: x\nID: 1\n"}}));
}

/// Input of samples.cc: see there.
class SamplesInput {
 public:
  explicit SamplesInput(std::uint8_t flags, const std::vector<test_support::AttrSpec>& attrs) : attrs_(attrs) {
    out_.u8(flags).u8(static_cast<std::uint8_t>(attrs.size()));
    for (const test_support::AttrSpec& attr : attrs) {
      const bool tracepoint = attr.type == perf_data::kTypeTracepoint;
      out_.u32(static_cast<std::uint32_t>(attr.sample_type)).u8(static_cast<std::uint8_t>(attr.read_format));
      out_.u8(static_cast<std::uint8_t>((tracepoint ? 1U : 0U) | (attr.flags != 0 ? 2U : 0U)));
      out_.u8(static_cast<std::uint8_t>(attr.ids.front()));
    }
  }
  SamplesInput& record(std::string_view bytes) {
    constexpr std::size_t header = 8;
    out_.u8(static_cast<std::uint8_t>(bytes[0])).u8(static_cast<std::uint8_t>(bytes[5]));
    out_.u8(static_cast<std::uint8_t>(bytes.size() - header)).text(bytes.substr(header));
    return *this;
  }
  SamplesInput& sample(const test_support::SampleSpec& spec, std::size_t attr = 0) {
    return record(test_support::sample_bytes(attrs_[attr], spec));
  }
  SamplesInput& other(std::uint32_t type, std::string_view body, std::uint16_t misc = 0) {
    return record(test_support::kernel_record_bytes(type, body, attrs_[0], {.id = 1, .time_ns = 9}, misc));
  }
  [[nodiscard]] const std::string& str() const { return out_.str(); }

 private:
  ByteWriter out_;
  std::vector<test_support::AttrSpec> attrs_;
};

void write_samples(Corpus corpus) {
  namespace type = perf_data::record_type;
  const auto tracepoint = test_support::kTracepointSampleType;
  const test_support::AttrSpec plain{.ids = {1}};
  const test_support::AttrSpec group{
      .sample_type = tracepoint | kRead | kCallchain,
      .read_format = perf_data::read_bit::kGroup | perf_data::read_bit::kId | perf_data::read_bit::kLost,
      .ids = {2}};
  const std::string values = ByteWriter().u64(1).u64(9).u64(2).u64(0).str();
  corpus.add("plain", SamplesInput(0, {plain}).sample({.id = 1, .time_ns = 5, .raw = "payload"}).str());
  corpus.add("unknown-id", SamplesInput(0, {plain, plain}).sample({.id = 9, .time_ns = 5, .raw = "payload"}).str());
  corpus.add("group", SamplesInput(0, {plain, group})
                          .sample({.id = 2, .time_ns = 6, .read = values, .callchain = {1, 2}, .raw = "x"}, 1)
                          .str());
  corpus.add("other-order", SamplesInput(1, {plain}).sample({.id = 1, .time_ns = 5, .raw = "payload"}).str());
  corpus.add("everything", SamplesInput(0, {{.sample_type = 0x1ffffff, .ids = {1}}}).sample({.id = 1}).str());
  corpus.add("no-attr", SamplesInput(0, {}).record(test_support::record_bytes(type::kSample, "12345678")).str());
  const std::string two = ByteWriter().u64(1).u64(7).str();
  const std::string task = ByteWriter().u32(10).u32(11).text("comm\0\0\0\0").str();
  corpus.add("lost", SamplesInput(0, {plain, plain}).other(type::kLost, two).other(type::kLostSamples, two).str());
  corpus.add("comm", SamplesInput(0, {plain}).other(type::kComm, task).other(type::kComm, task, 1U << 13).str());
  corpus.add("switch", SamplesInput(0, {plain})
                           .other(type::kSwitch, "", 1U << 13)
                           .other(type::kSwitchCpuWide, task.substr(0, 8), 3U << 13)
                           .str());
}

/// A little of everything that this reader reads.
PerfDataBuilder recording_of(const std::vector<Tracepoint>& tracepoints, std::size_t count) {
  PerfDataBuilder data;
  std::vector<FormatSpec> formats;
  for (std::size_t i = 0; i < count; ++i) {
    const Tracepoint& one = tracepoints[i];
    formats.push_back(one.format);
    data.attr({.config = one.id, .clockid = 1, .ids = {2 * i, 2 * i + 1}, .name = one.name});
  }
  data.tracing_data(test_support::tracing_data_bytes(formats));
  data.feature(kOsrelease, ByteWriter().header_string("6.18").str());
  data.feature(kCmdline, ByteWriter().u32(2).header_string("perf").header_string("record").str());
  data.comm("sockperf", {.id = 0});
  for (std::uint64_t i = 0; i < count; ++i) {
    data.sample({.id = 2 * i, .time_ns = 100 + i, .cpu = 0, .raw = tracepoints[i].payload});
    data.sample({.id = 2 * i + 1, .time_ns = 90 + i, .cpu = 1, .raw = tracepoints[i].payload});
  }
  data.lost(3, {.id = 0, .time_ns = 200})
      .lost_samples(4, {.id = 1})
      .context_switch({.id = 1, .time_ns = 210}, 1U << 13);
  return data.finished_round();
}

/// The container's, with a call chain beside.
void write_exports(Corpus corpus, const std::vector<Tracepoint>& tracepoints) {
  corpus.add("file", recording_of(tracepoints, 3).file_form());
  PerfDataBuilder chains;
  chains.attr({.sample_type = test_support::kTracepointSampleType | kCallchain, .ids = {1}});
  chains.sample({.id = 1, .time_ns = 5, .callchain = {0xffffffffffffff80, 0xffffffff81000001, 0x1234}, .raw = "abcd"});
  corpus.add("call-chain", chains.file_form());
}

void write_containers(Corpus corpus, const std::vector<Tracepoint>& tracepoints) {
  const PerfDataBuilder small = recording_of(tracepoints, 1);
  const PerfDataBuilder data = recording_of(tracepoints, 3);
  corpus.add("file", data.file_form());
  corpus.add("pipe", data.pipe_form());
  corpus.add("small-file", small.file_form());
  corpus.add("small-pipe", small.pipe_form());
  corpus.add("ids-after-attrs", small.file_form({.ids_after_attrs = true}));
  corpus.add("killed", small.file_form({.killed = true}));
  corpus.add("truncated", small.file_form({.add_to_data_size = 100000}));
  corpus.add("old-header", small.file_form({.header_size = 72}));
}

/// Inputs of zstd.cc: see there.
void write_zstd(Corpus corpus, const std::vector<Tracepoint>& tracepoints) {
  const std::string records = recording_of(tracepoints, 1).records();
  const auto input = [](std::uint8_t kind, std::uint8_t chunk, std::string_view rest) {
    return ByteWriter().u8(kind).u8(chunk).text(rest).str();
  };
  for (const std::uint8_t chunk : std::initializer_list<std::uint8_t>{0, 8, 255})
    corpus.add(fmt::format("chunks-{}", chunk), input(0, chunk, records));
  std::string packed(ZSTD_compressBound(records.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), records.data(), records.size(), 1));
  const std::string plain = test_support::record_bytes(perf_data::record_type::kFinishedRound, "");
  const std::string first = test_support::record_bytes(perf_data::record_type::kCompressed, packed);
  corpus.add("compressed", input(1, 0, plain + first + plain));
  const std::string body = ByteWriter().u64(packed.size()).text(packed).zeros(7 - (packed.size() + 7) % 8).str();
  corpus.add("compressed2", input(1, 0, test_support::record_bytes(perf_data::record_type::kCompressed2, body)));
  corpus.add("not-zstd", input(1, 0, test_support::record_bytes(perf_data::record_type::kCompressed, "12345678")));
}

void write_events(Corpus& corpus, const std::string& name, const perf_data::Reader& reader) {
  for (const std::size_t count : {20U, 80U, 300U}) {
    corpus.add(fmt::format("{}-{}", name, count), fuzz::event_seed(reader, count));
  }
}

/// Inputs of paths.cc: see there.
void write_paths(Corpus& corpus, const std::string& name, const perf_data::Reader& reader) {
  for (const std::size_t count : {80U, 300U}) {
    corpus.add(fmt::format("{}-{}", name, count), '\x05' + fuzz::event_seed(reader, count));
  }
}

void write_pages(Corpus corpus) {
  using ring_buffer::PageBuilder;
  const auto add = [&corpus](const std::string& name, const PageBuilder& builder, std::uint64_t flags = 0) {
    const std::string page = builder.page(1'000'000'000, flags, "count of").substr(0, 128);
    corpus.add(name, std::string(ring_buffer::kHeaderPage) + '\0' + page);
  };
  add("events", std::move(PageBuilder().event(0, "abcd").event(7, "efghijkl").large_event(3, "mnopqrst")));
  add("times", std::move(PageBuilder().header(30, 5).word(2).event(1, "abcd").header(31, 9).word(4).event(0, "efgh")));
  add("padding", std::move(PageBuilder().header(29, 20).word(8).word(0).event(3, "efgh").header(29, 0)));
  add("missed", std::move(PageBuilder().event(0, "abcd")), ring_buffer::kMissedEvents | ring_buffer::kMissedStored);
}

/// Of both versions, packed too: an event a CPU, in as few bytes as will do.
void write_trace_dats(Corpus corpus) {
  using ring_buffer::PageBuilder;
  test_support::TraceDatSpec spec;
  spec.ftrace = {"name: print\nID: 5\n"};
  spec.events = {{"sched", "name: sched_switch\nID: 300\n"}};
  spec.kallsyms = "ffffffff81000000 T f\n";
  spec.cmdlines = "17 nc\n";
  constexpr std::size_t enough = 48;
  spec.cpus = {{0, PageBuilder().event(1, "abcd").event(2, "efgh").page(1000).substr(0, enough)},
               {1, PageBuilder().event(3, "ijkl").page(1000).substr(0, enough)}};
  corpus.add("version-7", test_support::trace_dat_bytes(spec));
  spec.is_compressed = true;
  corpus.add("packed", test_support::trace_dat_bytes(spec));
  spec.is_compressed = false;
  spec.more_cpus = spec.cpus;
  corpus.add("instances", test_support::trace_dat_bytes(spec));
  spec.version = "6";
  corpus.add("version-6", test_support::trace_dat_bytes(spec));
}

int write_all(const fs::path& folder, const fs::path& tcp_recording, const fs::path& udp_recording) {
  const auto tcp = perf_data::Reader::open(tcp_recording);
  const auto udp = perf_data::Reader::open(udp_recording);
  if (!tcp || !udp) {
    fmt::print(stderr, "{}\n", (tcp ? udp : tcp).error().message);
    return 1;
  }
  const std::vector<Tracepoint> tracepoints = tracepoints_of(*tcp);
  Corpus events(folder, "analysis");
  write_events(events, "tcp", *tcp);
  write_events(events, "udp", *udp);
  Corpus paths(folder, "paths");
  write_paths(paths, "tcp", *tcp);
  write_paths(paths, "udp", *udp);
  write_exports({folder, "exports"}, tracepoints);
  write_formats({folder, "format"}, tracepoints);
  write_tracing_data({folder, "tracing_data"}, tracepoints);
  write_pages({folder, "ring_buffer"});
  write_trace_dats({folder, "trace_dat"});
  write_samples({folder, "samples"});
  write_zstd({folder, "zstd"}, tracepoints);
  write_containers({folder, "container"}, tracepoints);
  return 0;
}

}  // namespace
}  // namespace sockscope

int main(int argc, char** argv) { return argc == 4 ? sockscope::write_all(argv[1], argv[2], argv[3]) : 2; }
