#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "analysis/summary.h"
#include "base/error.h"
#include "harness/event_set.h"

namespace sockscope {

/// What run.json keeps of a recording of somebody's own programs.
struct ProgramRun {
  std::string recording;  ///< File name of the perf.data in the run directory.
  std::vector<std::string> perf_command;
  std::vector<RecordedProgram> programs;  ///< The server first.
};

/// Programs to be recorded: a server and a client, or one that has both ends.
struct ProgramSpec {
  std::string server;                ///< For /bin/sh -c; empty: none.
  std::string client;                ///< For /bin/sh -c; empty: none.
  std::vector<std::string> program;  ///< With its arguments, if there is no server and no client.
};

struct ProgramSetting {
  std::filesystem::path directory;  ///< Where the recording goes.
  EventSet events;
  int interrupt_fd = -1;
};

/// How long a server may take until it listens, and until it has ended once its client has: by itself, then by SIGTERM.
inline constexpr std::chrono::seconds kListenPatience{5};
inline constexpr std::chrono::seconds kOwnEndPatience{1};
inline constexpr std::chrono::seconds kTermPatience{2};

/// "ended with status 1", "was ended by signal 15": of an exit status as a shell has it.
std::string end_of(int status);

/// Starts perf, then the server, then the client as soon as the server listens on a TCP or UDP port; waits for the
/// client's end, ends the server, and returns how both ended. The programs see none of this: each waits at a barrier,
/// before it is executed, until everything is recorded.
///
/// kEnvironment, in one sentence, when a program cannot be started or the server ends or does not listen; no process
/// and no recording is left then, as when interrupted.
Result<ProgramRun> run_programs(const ProgramSpec& spec, const ProgramSetting& setting);

}  // namespace sockscope
