#include "analysis/function_run.h"

#include <set>

namespace sockscope {
namespace {

constexpr std::string_view kUserFrame = "[user]";

void add_to(NamedCounts& counts, std::string_view name, std::uint64_t samples) {
  const auto found = counts.find(name);
  if (found == counts.end()) {
    counts.emplace(name, samples);
  } else {
    found->second += samples;
  }
}

}  // namespace

NamedCounts& FunctionRun::counts_of(FunctionOrigin origin) {
  switch (origin) {
    case FunctionOrigin::kTracing:
      return tracing_hits_;
    case FunctionOrigin::kBpfProgram:
      return bpf_hits_;
    case FunctionOrigin::kKernel:
      break;
  }
  return hits_;
}

void FunctionRun::add(std::span<const std::string_view> chain, std::uint64_t samples) {
  constexpr std::size_t thread_and_event = 2;
  if (chain.size() < thread_and_event) return;
  samples_ += samples;
  std::vector<std::string> stack{std::string(chain.front())};
  std::set<std::string_view> counted;
  for (const std::string_view symbol : chain.subspan(1, chain.size() - thread_and_event)) {
    const std::string_view function = source_name(symbol);
    const bool is_users = function == kUserFrame;
    const FunctionOrigin origin = is_users ? FunctionOrigin::kKernel : origin_of(function);
    if (origin == FunctionOrigin::kKernel) stack.emplace_back(function);
    if (is_users || !counted.insert(function).second) continue;
    add_to(counts_of(origin), function, samples);
  }
  stack.emplace_back(chain.back());
  stacks_[std::move(stack)] += samples;
}

void FunctionRun::add_calls(std::span<const std::string_view> functions, std::uint64_t calls) {
  if (functions.empty() || calls == 0) return;
  const std::string_view innermost = source_name(functions.back());
  const FunctionOrigin origin = origin_of(innermost);
  samples_ += calls;
  add_to(counts_of(origin), innermost, calls);
  std::vector<std::string> stack;
  for (const std::string_view symbol : functions) {
    const std::string_view function = source_name(symbol);
    if (origin_of(function) == FunctionOrigin::kKernel) stack.emplace_back(function);
  }
  if (origin == FunctionOrigin::kKernel) stacks_[std::move(stack)] += calls;
}

}  // namespace sockscope
