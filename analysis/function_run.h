#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/kernel_function.h"

namespace sockscope {

using NamedCounts = std::map<std::string, std::uint64_t, std::less<>>;

/// Which kernel functions one run of one variant went through, by the call chains of what was recorded in it.
///
/// A *hit* of a function is a recorded event in whose call chain it is, however often: recursion counts once, and a
/// function that no event happened below is not seen. How many events there are below one depends on the event set, so
/// hits compare runs that recorded the same events; they are no calls.
class FunctionRun {
 public:
  /// `messages` is what hits are divided by: messages, round trips, connections.
  FunctionRun(unsigned round, std::uint64_t messages) : round_(round), messages_(messages) {}

  /// `samples` events with the same call chain: the thread's name, the functions from the outermost in ("[user]" stands
  /// for what is not the kernel's), the event. A chain of less says nothing and is not counted.
  void add(std::span<const std::string_view> chain, std::uint64_t samples);

  /// `calls` of the innermost function of these by the others, from the outermost in, as a trace of calls counts them.
  /// Of such a trace a hit is a call, and nothing else: a run has either samples or calls.
  void add_calls(std::span<const std::string_view> functions, std::uint64_t calls);

  [[nodiscard]] unsigned round() const { return round_; }
  [[nodiscard]] std::uint64_t messages() const { return messages_; }
  [[nodiscard]] std::uint64_t samples() const { return samples_; }

  /// By function, without what the compiler adds to names, and without the tracing's own.
  [[nodiscard]] const NamedCounts& hits() const { return hits_; }
  /// Of those that are left out: what only tracing does, and BPF programs.
  [[nodiscard]] const NamedCounts& tracing_hits() const { return tracing_hits_; }
  [[nodiscard]] const NamedCounts& bpf_hits() const { return bpf_hits_; }

  /// Samples by chain, as add() takes one, without the functions that are left out.
  [[nodiscard]] const std::map<std::vector<std::string>, std::uint64_t>& stacks() const { return stacks_; }

  /// Of a function or chain that has so many hits; 0 in a run without messages.
  [[nodiscard]] double per_message(std::uint64_t hits) const {
    return messages_ == 0 ? 0 : static_cast<double>(hits) / static_cast<double>(messages_);
  }

 private:
  NamedCounts& counts_of(FunctionOrigin origin);

  unsigned round_;
  std::uint64_t messages_;
  std::uint64_t samples_ = 0;
  NamedCounts hits_;
  NamedCounts tracing_hits_;
  NamedCounts bpf_hits_;
  std::map<std::vector<std::string>, std::uint64_t> stacks_;
};

}  // namespace sockscope
