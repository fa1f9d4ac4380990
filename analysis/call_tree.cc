#include "analysis/call_tree.h"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <utility>

namespace sockscope {
namespace {

using function_graph::FunctionEvent;

constexpr std::size_t kRoot = 0;
constexpr std::size_t kNoFunction = 0;  // what the root is of, and whatever is one too many
constexpr unsigned kFunctionBits = 32;

}  // namespace

CallTreeBuilder::CallTreeBuilder(const Limits& limits) : limits_(limits) {
  tree_.functions.push_back({.name = "[other functions]"});
  tree_.nodes.push_back({});
}

void CallTreeBuilder::on(const FunctionEvent& event) {
  ++events_;
  auto found = stacks_.find(event.lane);
  if (found == stacks_.end()) {
    if (event.kind == FunctionEvent::Kind::kExit) {
      ++tree_.unopened;
      return;
    }
    if (stacks_.size() >= limits_.lanes) give_up_lanes();
    found = stacks_.try_emplace(event.lane).first;
  }
  Stack& stack = found->second;
  stack.last_used = events_;
  event.kind == FunctionEvent::Kind::kEnter ? enter(stack, event) : leave(stack, event);
  if (stack.frames.empty()) stacks_.erase(found);
}

CallTree CallTreeBuilder::finish() {
  for (auto& [lane, stack] : stacks_) {
    while (!stack.frames.empty()) discard_top(stack);
  }
  stacks_.clear();
  return std::exchange(tree_, {});
}

void CallTreeBuilder::enter(Stack& stack, const FunctionEvent& event) {
  while (!stack.frames.empty() && stack.frames.back().depth >= event.depth) discard_top(stack);
  const std::size_t parent = stack.frames.empty() ? kRoot : stack.frames.back().node;
  const std::size_t function = function_of(event.name);
  stack.frames.push_back({.node = child_of(parent, function), .function = function, .depth = event.depth});
}

void CallTreeBuilder::leave(Stack& stack, const FunctionEvent& event) {
  discard_deeper(stack, event.depth);
  const bool is_of_top = !stack.frames.empty() && stack.frames.back().depth == event.depth;
  if (is_of_top && (event.name.empty() || tree_.functions[stack.frames.back().function].name == event.name)) {
    close(stack, event);
    return;
  }
  ++tree_.unopened;
  if (is_of_top) discard_top(stack);
}

void CallTreeBuilder::close(Stack& stack, const FunctionEvent& event) {
  const Frame frame = stack.frames.back();
  stack.frames.pop_back();
  CallNode& node = tree_.nodes[frame.node];
  CalledFunction& function = tree_.functions[frame.function];
  ++node.calls;
  ++function.calls;
  ++tree_.calls;
  if (frame.function == kNoFunction) ++tree_.calls_of_others;
  if (frame.node == node_of_others_ && node_of_others_ != kRoot) ++tree_.calls_by_others;
  if (!event.duration_ns) {
    pass_up(stack, frame.children_ns);
    add_total(stack, frame.function, frame.recursive_ns);
    return;
  }
  const std::uint64_t total = *event.duration_ns;
  const auto self = static_cast<std::int64_t>(total - frame.children_ns);
  if (total + (event.resolution_ns - 1) < frame.children_ns) ++tree_.too_short;
  function.min_ns = function.timed == 0 ? total : std::min(function.min_ns, total);
  function.max_ns = std::max(function.max_ns, total);
  ++function.timed;
  ++tree_.timed;
  function.sum_ns += total;
  // The one that stands for many lies within itself.
  if (stack.frames.empty() || stack.frames.back().node != frame.node) node.total_ns += total;
  for (std::int64_t* const sum : {&node.self_ns, &function.self_ns, &tree_.self_ns}) {
    *sum = static_cast<std::int64_t>(static_cast<std::uint64_t>(*sum) + static_cast<std::uint64_t>(self));
  }
  pass_up(stack, total);
  add_total(stack, frame.function, total);
}

void CallTreeBuilder::discard_top(Stack& stack) {
  const Frame frame = stack.frames.back();
  stack.frames.pop_back();
  CallNode& node = tree_.nodes[frame.node];
  ++node.unclosed;
  ++tree_.functions[frame.function].unclosed;
  ++tree_.unclosed;
  pass_up(stack, frame.children_ns);
  add_total(stack, frame.function, frame.recursive_ns);
}

void CallTreeBuilder::discard_deeper(Stack& stack, unsigned depth) {
  while (!stack.frames.empty() && stack.frames.back().depth > depth) discard_top(stack);
}

/// What a call has taken that is not on the stack any more.
void CallTreeBuilder::pass_up(Stack& stack, std::uint64_t ns) {
  (stack.frames.empty() ? tree_.outermost_ns : stack.frames.back().children_ns) += ns;
}

void CallTreeBuilder::add_total(Stack& stack, std::size_t function, std::uint64_t ns) {
  const auto outwards = stack.frames | std::views::reverse;
  const auto same = std::ranges::find(outwards, function, &Frame::function);
  (same == outwards.end() ? tree_.functions[function].total_ns : same->recursive_ns) += ns;
}

/// Half of them at once, so that a trace of nothing but new tasks takes time in proportion to its length.
void CallTreeBuilder::give_up_lanes() {
  std::vector<std::uint64_t> uses;
  uses.reserve(stacks_.size());
  for (const auto& [lane, stack] : stacks_) uses.push_back(stack.last_used);
  const auto middle = uses.begin() + static_cast<std::ptrdiff_t>(uses.size() / 2);
  std::ranges::nth_element(uses, middle);
  for (auto at = stacks_.begin(); at != stacks_.end();) {
    Stack& stack = at->second;
    const bool is_given_up = stack.last_used <= *middle;
    while (is_given_up && !stack.frames.empty()) discard_top(stack);
    at = is_given_up ? stacks_.erase(at) : std::next(at);
  }
}

std::size_t CallTreeBuilder::function_of(std::string_view name) {
  if (const auto found = function_of_name_.find(name); found != function_of_name_.end()) return found->second;
  if (tree_.functions.size() > limits_.functions) return kNoFunction;
  const std::size_t function = tree_.functions.size();
  tree_.functions.push_back({.name = std::string(name)});
  function_of_name_.emplace(name, function);
  return function;
}

std::size_t CallTreeBuilder::child_of(std::size_t parent, std::size_t function) {
  if (parent == node_of_others_ && parent != kRoot) return parent;
  const std::uint64_t call = (std::uint64_t{parent} << kFunctionBits) | function;
  if (const std::size_t* const found = node_of_call_.find(call)) return *found;
  if (tree_.nodes.size() > limits_.nodes) {
    if (node_of_others_ != kRoot) return node_of_others_;
    parent = kRoot;
    function = kNoFunction;
  }
  const std::size_t node = tree_.nodes.size();
  CallNode& above = tree_.nodes[parent];
  const std::size_t sibling = std::exchange(above.first_child, node);
  tree_.nodes.push_back({.function = function, .parent = parent, .next_sibling = sibling});
  if (tree_.nodes.size() > limits_.nodes + 1) {
    node_of_others_ = node;
  } else {
    node_of_call_[call] = node;
  }
  return node;
}

}  // namespace sockscope
