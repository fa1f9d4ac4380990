#include "harness/program_run.h"

#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <csignal>
#include <system_error>
#include <utility>

#include "harness/perf_recording.h"
#include "harness/process_tree.h"
#include "harness/program.h"

namespace sockscope {
namespace {

constexpr const char* kRecording = "programs.perf.data";
// perf opens every event on every CPU, and the kernel waits for all CPUs each time.
constexpr std::chrono::seconds kPerfPatience{60};
constexpr std::chrono::seconds kStartPatience{10};
// As long as the user lets it run, or poll(2) can count the milliseconds of.
constexpr std::chrono::hours kNoLimit{24 * 20};
constexpr std::chrono::milliseconds kBetweenLooks{10};
// As a shell reports them: a command that is not there, and one that a signal ended.
constexpr int kNotFound = 127;
constexpr int kSignalled = 128;
// Nothing is filtered out: each CPU writes what all of its programs do, and perf empties the buffers meanwhile.
constexpr std::size_t kLargestBuffer = std::size_t{32} << 20;
constexpr std::size_t kSmallestBuffer = std::size_t{4} << 20;
constexpr std::size_t kAllBuffers = std::size_t{512} << 20;

std::size_t buffer_bytes() {
  const auto cpus = static_cast<std::size_t>(std::max(1L, sysconf(_SC_NPROCESSORS_ONLN)));
  return std::clamp(std::bit_floor(kAllBuffers / cpus), kSmallestBuffer, kLargestBuffer);
}

struct Programs {
  std::vector<Program> running;  // the server first
  [[nodiscard]] Program& last() { return running.back(); }
  [[nodiscard]] bool has_server() const { return running.size() > 1; }
};

Result<Programs> start(const ProgramSpec& spec) {
  std::vector<Program::Spec> specs;
  for (const auto& [role, text] : {std::pair{"server", &spec.server}, std::pair{"client", &spec.client}}) {
    if (!text->empty()) specs.push_back({.role = role, .command = {"/bin/sh", "-c", *text}, .text = *text});
  }
  if (!spec.program.empty()) {
    specs.push_back({.role = "program",
                     .command = spec.program,
                     .text = fmt::format("{}", fmt::join(spec.program, " ")),
                     .input = Program::Input::kOurs});
  }
  Programs programs;
  for (Program::Spec& one : specs) {
    auto program = Program::start(std::move(one));
    if (!program) return pass_on(program);
    programs.running.push_back(std::move(*program));
  }
  return programs;
}

Result<> await_listening(Program& server, int interrupt_fd) {
  const auto deadline = std::chrono::steady_clock::now() + kListenPatience;
  while (std::chrono::steady_clock::now() < deadline) {
    std::vector<pid_t> tree = descendants_of(server.pid());
    tree.push_back(server.pid());
    if (listens(tree)) return {};
    auto ended = server.wait({.timeout = kBetweenLooks, .interrupt_fd = interrupt_fd});
    if (ended) {
      return fail(ErrorKind::kEnvironment, "{} {} before it listened", server.description(), end_of(*ended));
    }
    if (ended.error().kind == ErrorKind::kInterrupted) return pass_on(ended);
  }
  return fail(ErrorKind::kEnvironment, "{} did not listen on a TCP or UDP port within {} s", server.description(),
              kListenPatience.count());
}

/// By itself if it can, then by SIGTERM and SIGKILL. A shell that gets SIGTERM ends at once, while the database that it
/// runs closes its files first: both have their time.
Result<int> end(Program& server, int interrupt_fd) {
  auto ended = server.wait({.timeout = kOwnEndPatience, .interrupt_fd = interrupt_fd});
  if (ended || ended.error().kind == ErrorKind::kInterrupted) return ended;
  const std::vector<UniqueFd> below = watch(descendants_of(server.pid()));
  server.send_signal(SIGTERM);
  const auto deadline = std::chrono::steady_clock::now() + kTermPatience;
  const auto what_is_left = [&] {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    return WaitLimits{.timeout = std::max(left, std::chrono::milliseconds{0}), .interrupt_fd = interrupt_fd};
  };
  for (const UniqueFd& process : below) {
    auto gone = wait_readable(process.get(), what_is_left(), server.description());
    if (!gone && gone.error().kind == ErrorKind::kInterrupted) return pass_on(gone);
  }
  ended = server.wait(what_is_left());
  if (ended || ended.error().kind == ErrorKind::kInterrupted) return ended;
  server.send_signal(SIGKILL);
  return server.wait({.timeout = kTermPatience, .interrupt_fd = interrupt_fd});
}

Result<std::vector<int>> run(Programs& programs, int interrupt_fd) {
  const WaitLimits start_patience{.timeout = kStartPatience, .interrupt_fd = interrupt_fd};
  if (auto released = programs.running.front().release(start_patience); !released) return pass_on(released);
  if (programs.has_server()) {
    Program& server = programs.running.front();
    if (auto ready = await_listening(server, interrupt_fd); !ready) return pass_on(ready);
    if (auto released = programs.last().release(start_patience); !released) return pass_on(released);
  }
  auto status = programs.last().wait({.timeout = kNoLimit, .interrupt_fd = interrupt_fd});
  if (!status) return pass_on(status);
  if (programs.has_server() && *status == kNotFound) {
    return fail(ErrorKind::kEnvironment, "cannot start {}: its shell found no such command",
                programs.last().description());
  }
  if (!programs.has_server()) return std::vector{*status};
  auto server_status = end(programs.running.front(), interrupt_fd);
  if (!server_status) return pass_on(server_status);
  return std::vector{*server_status, *status};
}

Result<ProgramRun> record(Programs& programs, const ProgramSetting& setting) {
  const WaitLimits perf_patience{.timeout = kPerfPatience, .interrupt_fd = setting.interrupt_fd};
  auto perf = PerfRecording::start({.output = setting.directory / kRecording,
                                    .events = setting.events.events,
                                    .tids = {},
                                    .cpus = {},
                                    .buffer_bytes = buffer_bytes()},
                                   {});
  if (!perf) return pass_on(perf);
  if (auto enabled = perf->enable(perf_patience); !enabled) return pass_on(enabled);
  auto statuses = run(programs, setting.interrupt_fd);
  if (!statuses) return pass_on(statuses);
  if (auto disabled = perf->disable(perf_patience); !disabled) return pass_on(disabled);
  if (auto finished = perf->finish(perf_patience); !finished) return pass_on(finished);
  ProgramRun run{.recording = kRecording, .perf_command = perf->command(), .programs = {}};
  for (std::size_t i = 0; i < programs.running.size(); ++i) {
    const Program& program = programs.running[i];
    run.programs.push_back({program.spec().role, program.spec().text, program.pid(), (*statuses)[i]});
  }
  return run;
}

}  // namespace

std::string end_of(int status) {
  if (status > kSignalled) return fmt::format("was ended by signal {}", status - kSignalled);
  return fmt::format("ended with status {}", status);
}

Result<ProgramRun> run_programs(const ProgramSpec& spec, const ProgramSetting& setting) {
  auto keeper = OrphanKeeper::install();
  if (!keeper) return pass_on(keeper);
  auto programs = start(spec);
  if (!programs) return pass_on(programs);
  auto run = record(*programs, setting);
  std::error_code ignored;
  if (!run) std::filesystem::remove(setting.directory / kRecording, ignored);
  return run;
}

}  // namespace sockscope
