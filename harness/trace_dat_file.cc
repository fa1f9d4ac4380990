#include "harness/trace_dat_file.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <optional>
#include <span>
#include <utility>

#include "harness/perf_data_writer.h"
#include "harness/trace_dat_calls.h"
#include "parsers/perf_data/abi.h"
#include "parsers/perf_data/byte_cursor.h"
#include "parsers/perf_data/input.h"
#include "parsers/perf_data/temporary_file.h"
#include "parsers/perf_data/tracing_data.h"
#include "parsers/trace_dat/event_merge.h"

namespace sockscope {
namespace {

namespace feature = perf_data::feature;
using perf_data::Bytes;
using trace_dat::TracedEvent;

constexpr std::string_view kFtrace = "ftrace";
// What an event id may stand for beside an event that is written.
constexpr std::size_t kNoEvent = ~std::size_t{0};
constexpr std::size_t kCall = kNoEvent - 1;

/// "ID: 123" of a format. Nothing: it has none.
std::optional<std::uint16_t> id_of(std::string_view format) {
  constexpr std::string_view label = "\nID: ";
  const std::size_t at = format.find(label);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view digits = format.substr(at + label.size());
  std::uint16_t id = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), id);
  return parsed.ec == std::errc{} ? std::optional(id) : std::nullopt;
}

/// Adds those of u32 count, and each as a u64 size and the text, that are wanted.
void add_wanted(perf_data::ByteCursor& cursor, std::string_view system, const std::vector<bool>& wanted,
                std::vector<perf_data::FormatSource>& formats) {
  std::uint32_t count = 0;
  if (!cursor.read(count)) return;
  for (std::uint32_t i = 0; i < count; ++i) {
    std::string_view text;
    if (!cursor.read_sized_text(text)) break;
    const auto id = id_of(text);
    if (id && wanted[*id]) formats.push_back({.system = system, .text = text});
  }
}

/// "pid comm" a line.
std::vector<std::pair<pid_t, std::string_view>> tasks_of(std::string_view cmdlines) {
  std::vector<std::pair<pid_t, std::string_view>> tasks;
  while (!cmdlines.empty()) {
    const std::string_view line = cmdlines.substr(0, cmdlines.find('\n'));
    cmdlines.remove_prefix(std::min(line.size() + 1, cmdlines.size()));
    pid_t pid = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), pid);
    const std::string_view rest = line.substr(static_cast<std::size_t>(end - line.data()));
    constexpr std::size_t longest = 64;  // TASK_COMM_LEN 16, and an ellipsis of whoever wrote it
    if (error == std::errc{} && pid > 0 && rest.size() > 1 && rest.size() <= longest)
      tasks.emplace_back(pid, rest.substr(1));
  }
  return tasks;
}

/// The clock of an attr, if ftrace's is one of perf's.
void set_clock(perf_event_attr& attr, std::string_view clock) {
  constexpr std::array<std::pair<std::string_view, clockid_t>, 4> clocks{
      {{"mono", CLOCK_MONOTONIC}, {"mono_raw", CLOCK_MONOTONIC_RAW}, {"boot", CLOCK_BOOTTIME}, {"tai", CLOCK_TAI}}};
  const auto* const found = std::ranges::find(clocks, clock, &std::pair<std::string_view, clockid_t>::first);
  attr.use_clockid = found != clocks.end() ? 1 : 0;
  attr.clockid = found != clocks.end() ? found->second : 0;
}

/// "Linux host 6.1.0-13-amd64 x86_64": the words of uname(2) that it has.
void add_machine(FeatureSections& features, std::string_view uname) {
  std::vector<std::string_view> words;
  while (!uname.empty()) {
    words.push_back(uname.substr(0, uname.find(' ')));
    uname.remove_prefix(std::min(words.back().size() + 1, uname.size()));
  }
  if (words.size() < 4) return;
  features[feature::kHostname] = header_string(words[1]);
  features[feature::kOsrelease] = header_string(words[2]);
  features[feature::kArch] = header_string(words.back());
}

// struct trace_entry: u16 type, u8 flags, u8 preempt_count, s32 pid. A record's size has 16 bits.
constexpr std::size_t kPidAt = 4;
constexpr std::size_t kLongestPayload = 60'000;

/// Which of the written events a payload is of; kCall; or kNoEvent: its format cannot be read, or it has no room in a
/// record.
std::size_t written_as(Bytes payload, const std::vector<std::size_t>& event_of_id) {
  const auto id = tracepoint::common_type(payload);
  const bool fits = payload.size() >= kPidAt + sizeof(std::int32_t) && payload.size() <= kLongestPayload;
  return id && fits ? event_of_id[*id] : kNoEvent;
}

}  // namespace

Result<TraceDatFile> TraceDatFile::open(const std::filesystem::path& path) {
  auto input = perf_data::open_input(path);
  if (!input) return pass_on(input);
  std::string name = std::move(input->name);
  perf_data::MappedFile mapped = std::move(input->files.front());
  const auto refuse = [&name](const Error& error) { return fail(error.kind, "{}: {}", name, error.message); };
  auto trace = trace_dat::parse_trace_dat(mapped.bytes());
  if (!trace) return refuse(trace.error());
  auto layout = ring_buffer::PageLayout::parse(trace->header_page);
  if (!layout) return refuse({ErrorKind::kInput, "is a trace.dat whose " + layout.error().message});
  TraceDatFile file(std::move(name), std::move(mapped), std::move(*trace), *layout);
  if (auto read = file.read_formats(); !read) return pass_on(read);
  return file;
}

std::vector<bool> TraceDatFile::ids_seen() const {
  std::vector<bool> seen(std::size_t{1} << 16U);
  trace_dat::EventMerge events(trace_, layout_);
  while (const TracedEvent* const event = events.next()) {
    if (const auto id = tracepoint::common_type(event->payload)) seen[*id] = true;
  }
  return seen;
}

/// Only of events that occur: a kernel has thousands of others.
std::string TraceDatFile::tracing_data() const {
  const std::vector<bool> seen = ids_seen();
  perf_data::TracingData data{.long_size = trace_.long_size, .page_size = trace_.page_size, .formats = {}};
  perf_data::ByteCursor ftrace(trace_.ftrace_formats);
  add_wanted(ftrace, kFtrace, seen, data.formats);
  perf_data::ByteCursor systems(trace_.event_formats);
  std::uint32_t count = 0;
  if (!systems.read(count)) count = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    std::string_view system;
    if (!systems.read_c_string(system)) break;
    add_wanted(systems, system, seen, data.formats);
  }
  return perf_data::write_tracing_data(data, trace_.header_page, trace_.header_event);
}

Result<> TraceDatFile::read_formats() {
  formats_ = tracing_data();
  const auto data = perf_data::parse_tracing_data(std::as_bytes(std::span(formats_)));
  if (!data) return fail(ErrorKind::kInput, "{}: {}", name_, data.error().message);
  const auto catalog = tracepoint::Catalog::from(*data);
  if (!catalog) return fail(ErrorKind::kInput, "{}: {}", name_, catalog.error().message);
  known_ = catalog->formats();
  return {};
}

bool TraceDatFile::has_calls() const { return std::ranges::any_of(known_, is_of_function_graph); }

CallTrace TraceDatFile::calls() const {
  TraceDatCalls calls(known_, trace_.kallsyms, trace_.time);
  trace_dat::EventMerge events(trace_, layout_);
  while (const TracedEvent* const event = events.next()) calls.on(*event);
  return calls.finish(events.damaged());
}

Result<perf_data::Reader> TraceDatFile::recording() const {
  std::vector<WrittenEvent> written;
  std::vector<std::size_t> event_of_id(std::size_t{1} << 16U, kNoEvent);
  for (const tracepoint::Format& format : known_) {
    if (is_of_function_graph(format)) {
      event_of_id[format.id] = kCall;
      continue;
    }
    event_of_id[format.id] = written.size();
    WrittenEvent event{.attr = tracepoint_attr(format.id), .ids = {written.size() + 1}, .name = format.full_name()};
    set_clock(event.attr, trace_.clock);
    written.push_back(std::move(event));
  }
  if (written.empty() && has_calls()) {
    return fail(ErrorKind::kInput, "{}: is a trace.dat of function calls alone: sockscope report FILE shows them",
                name_);
  }
  if (written.empty()) return fail(ErrorKind::kInput, "{}: is a trace.dat without a tracepoint event in it", name_);
  auto file = perf_data::make_temporary_file();
  if (!file) return pass_on(file);
  PerfDataWriter writer(std::move(*file), "a temporary file", std::move(written));
  if (auto put = write_events(writer, event_of_id); !put) return pass_on(put);
  const std::string clock = trace_.clock.empty() ? "unknown" : trace_.clock;
  FeatureSections features{{feature::kTracingData, formats_},
                           {feature::kVersion, header_string(fmt::format("trace-cmd (trace.dat version {}), clock {}",
                                                                         trace_.version, clock))}};
  add_machine(features, trace_.uname);
  if (auto finished = writer.finish(std::move(features)); !finished) return pass_on(finished);
  auto mapped = perf_data::MappedFile::map(writer.file());
  if (!mapped) return fail(ErrorKind::kEnvironment, "a temporary file: {}", mapped.error().message);
  return perf_data::Reader::read(std::move(*mapped), name_);
}

Result<> TraceDatFile::write_events(PerfDataWriter& writer, const std::vector<std::size_t>& event_of_id) const {
  bool named = false;
  WrittenContext last;
  trace_dat::EventMerge events(trace_, layout_);
  while (const TracedEvent* const event = events.next()) {
    WrittenContext context{.cpu = event->cpu, .time_ns = event->time_ns};
    if (!std::exchange(named, true)) {
      for (const auto& [pid, comm] : tasks_of(trace_.cmdlines)) {
        context.pid = context.tid = pid;
        if (auto put = writer.comm(context, comm); !put) return put;
      }
    }
    last = context;
    const std::size_t which = written_as(event->payload, event_of_id);
    if (const std::uint64_t lost = event->missed + (which == kNoEvent ? 1 : 0); lost != 0) {
      if (auto put = writer.lost(context, lost); !put) return put;
    }
    if (which == kNoEvent || which == kCall) continue;
    context.pid = context.tid = static_cast<pid_t>(
        perf_data::load<std::uint32_t>(event->payload.data() + kPidAt, perf_data::ByteOrder::kNative));
    if (auto put = writer.sample(which, context, event->payload); !put) return put;
  }
  // What a damaged page had in it nobody knows: at least one event each.
  return events.damaged() == 0 ? Result<>{} : writer.lost(last, events.damaged());
}

}  // namespace sockscope
