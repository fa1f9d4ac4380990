#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <variant>

#include "base/interrupt.h"
#include "base/printable.h"
#include "harness/command_line.h"
#include "harness/commands.h"

namespace {

using namespace sockscope;  // NOLINT(google-build-using-namespace): the program is nothing but this

Result<int> run(int argc, const char* const* argv) {
  auto options = parse_command_line(argc, argv);
  if (!options) return pass_on(options);
  const auto* const functions = std::get_if<FunctionsOptions>(&*options);
  const bool measures =
      std::holds_alternative<CompareOptions>(*options) || std::holds_alternative<RecordOptions>(*options) ||
      std::holds_alternative<RecordProgramsOptions>(*options) || std::holds_alternative<BaselineOptions>(*options) ||
      std::holds_alternative<GateOptions>(*options) || std::holds_alternative<TopologiesOptions>(*options) ||
      (functions != nullptr && functions->directory.empty());
  auto interrupt = measures ? Interrupt::install() : Interrupt::none();
  if (!interrupt) return pass_on(interrupt);
  return std::visit([&](const auto& command) { return run_command(command, *interrupt); }, *options);
}

}  // namespace

int main(int argc, char** argv) try {
  std::signal(SIGPIPE, SIG_IGN);  // A pipe whose reader has left is an error value like any other.
  const auto status = run(argc, argv);
  if (status) return *status;
  fmt::print(stderr, "sockscope: {}\n", printable(status.error().message));  // it may quote a hostile file
  return exit_status_of(status.error().kind);
} catch (const std::exception& error) {
  // Nothing of ours throws; what comes here is memory or a library at its end.
  std::fputs("sockscope: ", stderr);
  std::fputs(error.what(), stderr);
  std::fputs("\n", stderr);
  return exit_status_of(ErrorKind::kEnvironment);
}
