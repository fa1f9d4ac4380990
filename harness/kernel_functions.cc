#include "harness/kernel_functions.h"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <fstream>
#include <iterator>
#include <utility>

#include "harness/run_directory.h"
#include "report/export/folded_stacks.h"

namespace sockscope {
namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Why the running kernel's functions are not the recorded one's; empty if they are.
std::string contradiction(const perf_data::Reader& reader, const KernelSymbols& running) {
  utsname machine{};
  uname(&machine);
  const std::string& release = reader.info().osrelease;
  if (release != machine.release) {
    return fmt::format("it is of kernel {} and this is {}", release.empty() ? "unknown" : release, machine.release);
  }
  if (running.empty()) return "/proc/kallsyms shows its addresses to root alone";
  const auto [name, address] = kernel_anchor(reader);
  if (name.empty()) return "it does not say where its kernel was";
  if (running.address_of(name) != address) return "the kernel has been started again since, and lies elsewhere";
  return {};
}

}  // namespace

std::string kernel_functions_now(const std::filesystem::path& kallsyms) {
  return functions_of_kallsyms(text_of(kallsyms));
}

Result<> keep_kernel_functions(const std::filesystem::path& directory, const std::filesystem::path& kallsyms) {
  const std::string functions = kernel_functions_now(kallsyms);
  if (functions.empty()) return {};
  return write_file(directory / kKeptKallsyms, functions);
}

FoundFunctions kernel_functions_of(const perf_data::Reader& reader, const std::filesystem::path& run_directory,
                                   const std::filesystem::path& kallsyms) {
  if (!run_directory.empty()) {
    KernelSymbols kept(text_of(run_directory / kKeptKallsyms));
    if (!kept.empty()) return {.symbols = std::move(kept), .why_not = {}};
  }
  KernelSymbols running(text_of(kallsyms));
  std::string why_not = contradiction(reader, running);
  if (why_not.empty()) return {.symbols = std::move(running), .why_not = {}};
  return {.symbols = KernelSymbols(), .why_not = std::move(why_not)};
}

}  // namespace sockscope
