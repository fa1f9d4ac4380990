#pragma once

#include <cstddef>
#include <vector>

#include "analysis/call_tree.h"

/// In what order the reports of calls have them: most time first, then most calls, then by name.
namespace sockscope {

/// The functions that were called, by self time.
[[nodiscard]] std::vector<const CalledFunction*> by_self_time(const CallTree& tree);

/// What a node called, by total time.
[[nodiscard]] std::vector<std::size_t> children_by_time(const CallTree& tree, std::size_t node);

[[nodiscard]] inline const std::string& name_of(const CallTree& tree, const CallNode& node) {
  return tree.functions[node.function].name;
}

}  // namespace sockscope
