#include "analysis/call_trace.h"

#include <fmt/format.h>

namespace sockscope {

std::vector<Law> laws_of(const CallTrace& trace) {
  const CallTree& tree = trace.tree;
  if (!tree.has_times()) return {};
  std::uint64_t of_functions = 0;
  for (const CalledFunction& function : tree.functions) of_functions += static_cast<std::uint64_t>(function.self_ns);
  std::uint64_t of_nodes = 0;
  for (const CallNode& node : tree.nodes) of_nodes += static_cast<std::uint64_t>(node.self_ns);
  return {{.name = "self times add up to the outermost calls",
           .holds = of_functions == tree.outermost_ns && of_nodes == tree.outermost_ns,
           .detail = fmt::format("{} ns by function, {} ns in the tree, outermost calls {} ns", of_functions, of_nodes,
                                 tree.outermost_ns)},
          {.name = "no call is shorter than the calls in it",
           .holds = tree.too_short == 0,
           .detail = fmt::format("{} of {} are", tree.too_short, tree.timed)}};
}

}  // namespace sockscope
