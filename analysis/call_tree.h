#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/flat_map.h"
#include "parsers/function_graph/function_event.h"

namespace sockscope {

/// What a trace of calls says of one function. A call counts when it has ended: its total is the time from its begin to
/// its end, its self time that without the calls that it made, as far as they were traced.
struct CalledFunction {
  std::string name;
  std::uint64_t calls = 0;
  std::uint64_t timed = 0;     ///< Calls whose end says how long they took.
  std::uint64_t total_ns = 0;  ///< Once, where it calls itself.
  std::uint64_t sum_ns = 0;    ///< Of all timed calls, whatever contains them.
  std::int64_t self_ns = 0;    ///< Below 0 only where the trace contradicts itself.
  std::uint64_t min_ns = 0;    ///< Of timed calls.
  std::uint64_t max_ns = 0;
  std::uint64_t unclosed = 0;  ///< Calls whose end is not in the trace; nothing else counts them.

  [[nodiscard]] double mean_ns() const {
    return timed == 0 ? 0 : static_cast<double>(sum_ns) / static_cast<double>(timed);
  }
};

/// A function as called by what is above it.
struct CallNode {
  std::size_t function = 0;      ///< In CallTree::functions.
  std::size_t parent = 0;        ///< In CallTree::nodes; of the first, itself.
  std::size_t first_child = 0;   ///< 0: none.
  std::size_t next_sibling = 0;  ///< 0: none.
  std::uint64_t calls = 0;
  std::uint64_t total_ns = 0;
  std::int64_t self_ns = 0;
  std::uint64_t unclosed = 0;
};

/// All calls of a trace, those of all tasks and CPUs together.
struct CallTree {
  std::vector<CalledFunction> functions;
  std::vector<CallNode> nodes;  ///< The first is no call, but what the outermost ones are under.

  std::uint64_t calls = 0;
  std::uint64_t timed = 0;
  std::uint64_t outermost_ns = 0;  ///< Of calls that no other call with an end contains.
  std::int64_t self_ns = 0;
  std::uint64_t unclosed = 0;   ///< Begun, but never ended.
  std::uint64_t unopened = 0;   ///< Ended, but never begun.
  std::uint64_t too_short = 0;  ///< Calls that are shorter than what they call.
  /// Calls of more different functions, by more different ways than are kept: those are one function, one node.
  std::uint64_t calls_of_others = 0;
  std::uint64_t calls_by_others = 0;

  [[nodiscard]] bool has_times() const { return timed != 0; }
};

/// Puts calls together as they come. The ends of a task's calls are found by the depth that the tracer gives, and by
/// name where it says one; nothing is guessed: an end without a begin and a begin without an end are counted. Memory is
/// bounded: by limits, and by the depth of the stacks that are open at the same time.
class CallTreeBuilder {
 public:
  struct Limits {
    std::size_t functions = std::size_t{1} << 17U;
    std::size_t nodes = std::size_t{1} << 18U;
    std::size_t lanes = 4096;  ///< Tasks with open calls. Beyond, those that did nothing for longest are given up.
  };

  CallTreeBuilder() : CallTreeBuilder(Limits()) {}
  explicit CallTreeBuilder(const Limits& limits);

  void on(const function_graph::FunctionEvent& event);
  /// What is still open is unclosed. The last call.
  [[nodiscard]] CallTree finish();

 private:
  struct Frame {
    std::size_t node = 0;
    std::size_t function = 0;  // which the node does not say if it stands for many
    unsigned depth = 0;
    std::uint64_t children_ns = 0;
    std::uint64_t recursive_ns = 0;  // of calls of the same function within, which count if this one never ends
  };
  struct Stack {
    std::vector<Frame> frames;
    std::uint64_t last_used = 0;
  };
  struct NameHash {
    using is_transparent = void;  // NOLINT(readability-identifier-naming): the standard library's name
    std::size_t operator()(std::string_view name) const { return std::hash<std::string_view>()(name); }
  };

  void enter(Stack& stack, const function_graph::FunctionEvent& event);
  void leave(Stack& stack, const function_graph::FunctionEvent& event);
  void close(Stack& stack, const function_graph::FunctionEvent& event);
  void discard_top(Stack& stack);
  void discard_deeper(Stack& stack, unsigned depth);
  void pass_up(Stack& stack, std::uint64_t ns);
  void add_total(Stack& stack, std::size_t function, std::uint64_t ns);
  void give_up_lanes();
  [[nodiscard]] std::size_t function_of(std::string_view name);
  [[nodiscard]] std::size_t child_of(std::size_t parent, std::size_t function);

  Limits limits_;
  CallTree tree_;
  std::unordered_map<std::string, std::size_t, NameHash, std::equal_to<>> function_of_name_;
  FlatMap<std::uint64_t, std::size_t> node_of_call_;  // by parent and function
  std::size_t node_of_others_ = 0;
  std::unordered_map<function_graph::Lane, Stack> stacks_;  // that have open calls
  std::uint64_t events_ = 0;
};

}  // namespace sockscope
