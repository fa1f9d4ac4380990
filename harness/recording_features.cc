#include "harness/recording_features.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <ctime>
#include <fstream>
#include <iterator>

#include "base/byte_string.h"
#include "harness/version.h"
#include "parsers/perf_data/abi.h"
#include "parsers/perf_data/tracing_data.h"

namespace sockscope {
namespace {

namespace feature = perf_data::feature;

Result<std::string> content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(file), {});
  if (!file.is_open() || text.empty()) {
    return fail(ErrorKind::kEnvironment, "cannot read {}: {}", path.string(), errno_text(errno));
  }
  return text;
}

/// As perf reads it (tools/perf/util/trace-event-read.c).
Result<std::string> tracing_data(const std::filesystem::path& tracefs, std::span<const Tracepoint> tracepoints) {
  const auto header_page = content_of(tracefs / "events/header_page");
  if (!header_page) return std::unexpected(header_page.error());
  const auto header_event = content_of(tracefs / "events/header_event");
  if (!header_event) return std::unexpected(header_event.error());
  perf_data::TracingData data{
      .long_size = sizeof(long), .page_size = static_cast<std::uint32_t>(sysconf(_SC_PAGESIZE)), .formats = {}};
  for (const Tracepoint& tracepoint : tracepoints) {
    const std::string_view name = tracepoint.name;
    data.formats.push_back({.system = name.substr(0, name.find(':')), .text = tracepoint.format});
  }
  return perf_data::write_tracing_data(data, *header_page, *header_event);
}

std::string command_line() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::string bytes;
  std::uint32_t count = 0;
  for (std::string word; std::getline(file, word, '\0'); ++count) bytes += header_string(word);
  std::string section;
  append_number(section, count);
  return section + bytes;
}

std::string cpu_model() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("model name")) return line.substr(std::min(line.find(": ") + 2, line.size()));
  }
  return "unknown";
}

std::string cpu_counts() {
  std::string section;
  append_number(section, static_cast<std::uint32_t>(sysconf(_SC_NPROCESSORS_CONF)));
  append_number(section, static_cast<std::uint32_t>(sysconf(_SC_NPROCESSORS_ONLN)));
  return section;
}

std::uint64_t ns_of(const timespec& time) {
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000U + static_cast<std::uint64_t>(time.tv_nsec);
}

std::string clock_resolution() {
  timespec resolution{};
  clock_getres(CLOCK_MONOTONIC, &resolution);
  std::string section;
  append_number(section, ns_of(resolution));
  return section;
}

/// One moment by the recording's clock and by the time of day.
std::string clock_data() {
  timespec wall{};
  timespec monotonic{};
  clock_gettime(CLOCK_REALTIME, &wall);
  clock_gettime(CLOCK_MONOTONIC, &monotonic);
  std::string section;
  append_number(section, std::uint32_t{1});  // version
  append_number(section, std::uint32_t{CLOCK_MONOTONIC});
  append_number(section, ns_of(wall));
  append_number(section, ns_of(monotonic));
  return section;
}

}  // namespace

Result<Tracepoint> read_tracepoint(const std::filesystem::path& tracefs, std::string_view name) {
  const auto colon = name.find(':');
  const auto folder = tracefs / "events" / name.substr(0, colon) / name.substr(colon + 1);
  auto id_text = content_of(folder / "id");
  if (!id_text) return pass_on(id_text);
  auto format = content_of(folder / "format");
  if (!format) return pass_on(format);
  Tracepoint tracepoint{.name = std::string(name), .format = std::move(*format)};
  if (std::from_chars(id_text->data(), id_text->data() + id_text->size(), tracepoint.id).ec != std::errc{}) {
    return fail(ErrorKind::kEnvironment, "{} is no number", (folder / "id").string());
  }
  return tracepoint;
}

Result<FeatureSections> recording_features(const std::filesystem::path& tracefs,
                                           std::span<const Tracepoint> tracepoints) {
  auto formats = tracing_data(tracefs, tracepoints);
  if (!formats) return pass_on(formats);
  utsname machine{};
  uname(&machine);
  return FeatureSections{{feature::kTracingData, std::move(*formats)},
                         {feature::kHostname, header_string(machine.nodename)},
                         {feature::kOsrelease, header_string(machine.release)},
                         {feature::kVersion, header_string(fmt::format("sockscope {}", kVersion))},
                         {feature::kArch, header_string(machine.machine)},
                         {feature::kNrcpus, cpu_counts()},
                         {feature::kCpudesc, header_string(cpu_model())},
                         {feature::kCmdline, command_line()},
                         {feature::kClockid, clock_resolution()},
                         {feature::kClockData, clock_data()}};
}

}  // namespace sockscope
