#include "analysis/function_run.h"

#include <set>

#include "analysis/kernel_function.h"

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
    NamedCounts& counts = origin == FunctionOrigin::kKernel    ? hits_
                          : origin == FunctionOrigin::kTracing ? tracing_hits_
                                                               : bpf_hits_;
    add_to(counts, function, samples);
  }
  stack.emplace_back(chain.back());
  stacks_[std::move(stack)] += samples;
}

}  // namespace sockscope
