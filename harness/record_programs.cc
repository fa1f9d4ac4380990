#include <fmt/format.h>
#include <fmt/ranges.h>

#include <csignal>
#include <string>
#include <system_error>
#include <vector>

#include "base/tracefs.h"
#include "harness/capabilities.h"
#include "harness/commands.h"
#include "harness/environment.h"
#include "harness/output.h"
#include "harness/program_run.h"
#include "harness/run_directory.h"
#include "harness/summarise.h"
#include "report/json.h"

namespace sockscope {
namespace {

constexpr int kInterruptedStatus = 130;

RunRecord describe(const ProgramRun& run, const EventSet& events) {
  RunRecord record;
  record.kind = Summary::Kind::kReport;
  record.mode = "programs";
  record.environment = describe_environment("/");
  std::vector<std::string> titles;
  for (const RecordedProgram& program : run.programs) {
    titles.push_back(fmt::format("{} {}", program.role, program.command));
    record.plan.emplace_back(program.role, program.command);
  }
  record.title = fmt::format("{}", fmt::join(titles, "; "));
  record.plan.emplace_back("events", events.text());
  record.programs = run;
  return record;
}

Result<> keep(const std::filesystem::path& directory, const RunRecord& record) {
  SummaryBuilder builder;
  if (auto added = add_programs(builder, *record.programs, directory); !added) return added;
  if (auto saved = save_run(directory, record); !saved) return saved;
  if (auto saved = write_file(directory / "summary.json", render_json(summary_of(record, builder))); !saved) {
    return saved;
  }
  give_to_invoker(directory);
  return {};
}

/// Says how the programs ended. Only the one that the user waited for can have failed: a server is ended by us.
Result<int> judge(const ProgramRun& run, const std::filesystem::path& directory) {
  constexpr int interrupted_program = 128 + SIGINT;
  const RecordedProgram& last = run.programs.back();
  if (last.status != 0 && last.status != interrupted_program) {
    return fail(ErrorKind::kEnvironment, "the {} ({}) {}; what it did until then is in: sockscope report {}", last.role,
                last.command, end_of(last.status), directory.string());
  }
  std::vector<std::string> ends;
  ends.reserve(run.programs.size());
  for (const RecordedProgram& program : run.programs) {
    ends.push_back(fmt::format("the {} {}", program.role, end_of(program.status)));
  }
  fmt::print(stderr, "sockscope: recorded {} ({}); read it with: sockscope report {}\n",
             (directory / run.recording).string(), fmt::join(ends, ", "), directory.string());
  return last.status == 0 ? 0 : kInterruptedStatus;
}

}  // namespace

Result<int> run_command(const RecordProgramsOptions& options, const Interrupt& interrupt) {
  const Capabilities machine = examine(kTracefsMount);
  if (!machine.can_trace()) {
    const Missing first = machine.missing().front();
    return fail(ErrorKind::kEnvironment, "cannot trace here: {}; fix: {} (sockscope doctor says more)", first.what,
                first.fix);
  }
  auto events = machine.events.of_sessions(kTracefsMount);
  if (!events) return pass_on(events);
  if (auto made = make_run_directory(options.directory); !made) return pass_on(made);
  auto run = run_programs(options.programs,
                          {.directory = options.directory, .events = *events, .interrupt_fd = interrupt.fd()});
  if (!run) {
    std::error_code not_empty;
    std::filesystem::remove(options.directory, not_empty);
    return pass_on(run);
  }
  if (auto kept = keep(options.directory, describe(*run, *events)); !kept) return pass_on(kept);
  return judge(*run, options.directory);
}

}  // namespace sockscope
