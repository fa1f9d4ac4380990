#include "harness/tracefs_capture.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <iterator>
#include <ranges>
#include <tuple>
#include <utility>

#include "base/monotonic_clock.h"
#include "harness/cpu_trace.h"
#include "harness/event_set.h"
#include "harness/task_table.h"
#include "harness/trace_merge.h"

namespace sockscope {
namespace {

constexpr std::size_t kKilobyte = 1024;

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::filesystem::path folder_of(std::string_view event) {
  const auto colon = event.find(':');
  return std::filesystem::path("events") / event.substr(0, colon) / event.substr(colon + 1);
}

std::filesystem::path folder_of(int cpu) { return fmt::format("per_cpu/cpu{}", cpu); }

/// As tracing_cpumask wants it: 32 bits in hexadecimal a group, the highest first.
std::string mask_of(const std::vector<int>& cpus) {
  std::vector<std::uint32_t> words(static_cast<std::size_t>(std::ranges::max(cpus)) / 32 + 1);
  for (const int cpu : cpus) words[static_cast<std::size_t>(cpu) / 32] |= 1U << (cpu % 32);
  std::string text;
  for (const std::uint32_t word : std::views::reverse(words)) {
    text += fmt::format("{}{:08x}", text.empty() ? "" : ",", word);
  }
  return text;
}

std::uint64_t number_of(std::string_view stats, std::string_view name) {
  const auto at = stats.find(name);
  if (at == std::string_view::npos) return 0;
  std::uint64_t number = 0;
  const std::string_view digits = stats.substr(at + name.size());
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

/// Tasks that begin and end are few. A switch is 48 bytes, and those of all programs are among them: the ends' own are
/// fewer than one for four events.
std::size_t task_bytes_for(const RecordSpec& spec) {
  constexpr std::size_t for_tasks = std::size_t{1} << 16;
  constexpr std::size_t for_switches = std::size_t{4} << 20;
  return spec.with_switches ? std::max(for_switches, std::bit_ceil(spec.buffer_bytes / 2)) : for_tasks;
}

}  // namespace

Result<TracefsCapture> TracefsCapture::start(const RecordSpec& spec, const std::filesystem::path& tracefs) {
  auto layout = ring_buffer::PageLayout::parse(content_of(tracefs / "events/header_page"));
  if (!layout) return fail(ErrorKind::kEnvironment, "{}", layout.error().message);
  std::vector<Tracepoint> tracepoints;
  for (const EventChoice& event : spec.events) {
    auto tracepoint = read_tracepoint(tracefs, event.name);
    if (!tracepoint) return pass_on(tracepoint);
    tracepoints.push_back(std::move(*tracepoint));
  }
  auto task_ring =
      TaskRing::open({.cpus = spec.cpus, .with_switches = spec.with_switches, .buffer_bytes = task_bytes_for(spec)});
  if (!task_ring) return pass_on(task_ring);
  auto instance = TracefsInstance::make(tracefs);
  if (!instance) return pass_on(instance);

  TracefsCapture capture(std::move(*instance), std::move(*task_ring));
  capture.output_ = spec.output;
  capture.tracefs_ = tracefs;
  capture.cpus_ = spec.cpus;
  capture.tids_ = spec.tids;
  capture.layout_ = *layout;
  capture.tracepoints_ = std::move(tracepoints);
  if (auto configured = capture.configure(spec); !configured) return pass_on(configured);
  if (auto enabled = capture.enable_events(spec); !enabled) return pass_on(enabled);
  if (auto opened = capture.open_buffers(); !opened) return pass_on(opened);
  return capture;
}

Result<> TracefsCapture::configure(const RecordSpec& spec) {
  for (const auto& [file, text] :
       {std::pair{"tracing_on", std::string("0")}, std::pair{"trace_clock", std::string("mono")},
        std::pair{"options/overwrite", std::string("0")}, std::pair{"tracing_cpumask", mask_of(spec.cpus)}}) {
    if (auto written = instance_.set(file, text); !written) return written;
  }
  // Names are looked up at the end; the kernel need not keep them at each switch. Not all kernels ask.
  std::ignore = instance_.set("options/record-cmd", "0");
  const std::string kilobytes = fmt::format("{}", spec.buffer_bytes / kKilobyte);
  for (const int cpu : spec.cpus) {
    if (auto grown = instance_.set(folder_of(cpu) / "buffer_size_kb", kilobytes); !grown) return grown;
  }
  command_ = {"tracefs", instance_.path().string(), fmt::format("{} KB a CPU", kilobytes)};
  return {};
}

Result<> TracefsCapture::enable_events(const RecordSpec& spec) {
  for (const EventChoice& event : spec.events) {
    const auto folder = folder_of(event.name);
    const std::string filter = spec.tids.empty() ? "" : filter_for(event.scope, spec.tids);
    if (!filter.empty()) {
      if (auto filtered = instance_.set(folder / "filter", filter); !filtered) return filtered;
    }
    if (auto enabled = instance_.set(folder / "enable", "1"); !enabled) return enabled;
    command_.push_back(filter.empty() ? event.name : fmt::format("{} if {}", event.name, filter));
  }
  return {};
}

Result<> TracefsCapture::open_buffers() {
  for (const int cpu : cpus_) {
    const auto path = instance_.path() / folder_of(cpu) / "trace_pipe_raw";
    UniqueFd fd(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    if (!fd) return fail(ErrorKind::kEnvironment, "cannot open {}: {}", path.string(), errno_text(errno));
    buffers_.push_back(std::move(fd));
  }
  return {};
}

Result<> TracefsCapture::enable(const WaitLimits& /*limits*/) {
  if (auto enabled = task_ring_.enable(); !enabled) return enabled;
  return instance_.set("tracing_on", "1");
}

Result<> TracefsCapture::disable(const WaitLimits& /*limits*/) {
  if (auto disabled = instance_.set("tracing_on", "0"); !disabled) return disabled;
  return task_ring_.disable();
}

/// Events that found no room, or were overwritten.
std::uint64_t TracefsCapture::lost_on(int cpu) const {
  const std::string stats = instance_.get(folder_of(cpu) / "stats");
  return number_of(stats, "dropped events: ") + number_of(stats, "\noverrun: ");
}

Result<> TracefsCapture::finish(const WaitLimits& /*limits*/) {
  std::vector<WrittenEvent> events;
  std::vector<std::uint64_t> ids;
  const std::vector<std::uint64_t> task_ids = task_ring_.ids();
  std::uint64_t next_id = std::ranges::max(task_ids);
  for (const Tracepoint& tracepoint : tracepoints_) {
    ids.push_back(tracepoint.id);
    events.push_back({.attr = tracepoint_attr(tracepoint.id), .ids = {++next_id}, .name = tracepoint.name});
  }
  events.push_back({.attr = task_ring_.attr(), .ids = task_ids, .name = "dummy"});

  auto writer = PerfDataWriter::create(output_, std::move(events));
  if (!writer) return pass_on(writer);
  std::vector<CpuTrace> traces;
  traces.reserve(cpus_.size());
  for (std::size_t i = 0; i < cpus_.size(); ++i) traces.emplace_back(cpus_[i], buffers_[i].get(), layout_);
  const auto tasks = task_ring_.recorded();
  TaskTable table(tids_);
  if (auto merged = merge(traces, tasks, ids, table, *writer); !merged) return merged;
  for (std::size_t i = 0; i < cpus_.size(); ++i) {
    const std::uint64_t lost = lost_on(cpus_[i]) + (tasks[i].is_full ? 1 : 0);
    if (lost == 0) continue;
    const WrittenContext where{.cpu = static_cast<std::uint32_t>(cpus_[i]), .time_ns = monotonic_now_ns()};
    if (auto put = writer->lost(where, lost); !put) return put;
  }
  auto features = recording_features(tracefs_, tracepoints_);
  if (!features) return pass_on(features);
  return writer->finish(std::move(*features));
}

std::optional<std::size_t> tracefs_bytes_for(std::uint64_t round_trips, std::uint32_t message_bytes) {
  constexpr std::size_t smallest = std::size_t{4} << 20;
  constexpr std::size_t largest = std::size_t{256} << 20;
  constexpr std::size_t share_of_memory = 16;
  constexpr std::uint64_t segment = 16'384;
  // Measured on 6.18: the lab's events of a round trip of 64 bytes over TCP are 2,100 bytes. Twice that is room enough.
  constexpr std::uint64_t per_round_trip = 4'000;
  constexpr std::uint64_t per_segment = 1'000;
  const auto memory =
      static_cast<std::size_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  const std::uint64_t bytes = per_round_trip + 2 * (message_bytes / segment) * per_segment;
  if (round_trips > std::min(largest, memory / share_of_memory) / bytes) return std::nullopt;
  return std::max<std::size_t>(smallest, round_trips * bytes);
}

}  // namespace sockscope
