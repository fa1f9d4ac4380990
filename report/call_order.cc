#include "report/call_order.h"

#include <algorithm>
#include <tuple>

namespace sockscope {

std::vector<const CalledFunction*> by_self_time(const CallTree& tree) {
  std::vector<const CalledFunction*> functions;
  for (const CalledFunction& function : tree.functions) {
    if (function.calls != 0 || function.unclosed != 0) functions.push_back(&function);
  }
  std::ranges::sort(functions, [](const CalledFunction* a, const CalledFunction* b) {
    return std::tie(b->self_ns, b->calls, a->name) < std::tie(a->self_ns, a->calls, b->name);
  });
  return functions;
}

std::vector<std::size_t> children_by_time(const CallTree& tree, std::size_t node) {
  std::vector<std::size_t> children;
  for (std::size_t child = tree.nodes[node].first_child; child != 0; child = tree.nodes[child].next_sibling) {
    children.push_back(child);
  }
  std::ranges::sort(children, [&](std::size_t a, std::size_t b) {
    const CallNode& left = tree.nodes[a];
    const CallNode& right = tree.nodes[b];
    return std::tie(right.total_ns, right.calls, name_of(tree, left)) <
           std::tie(left.total_ns, left.calls, name_of(tree, right));
  });
  return children;
}

}  // namespace sockscope
