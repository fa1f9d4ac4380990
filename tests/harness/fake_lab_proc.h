#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <string>

#include "tests/harness/temp_tree.h"

namespace sockscope {

/// A /proc of processes that are in network namespaces.
class FakeLabProc {
 public:
  FakeLabProc() { add("self", "sockscope", 1, "net:[1]", "lo"); }

  void add(const std::string& pid, const std::string& comm, int parent, const std::string& net,
           const std::string& device) {
    tree_.file(pid + "/comm", comm + "\n");
    tree_.file(pid + "/stat", fmt::format("{} ({}) S {} 1 1 0\n", pid, comm, parent));
    tree_.file(pid + "/net/dev", fmt::format("Inter-| Receive\n face |bytes\n    lo: 0 0\n  {}: 0 0\n", device));
    std::filesystem::create_directories(tree_ / (pid + "/ns"));
    std::filesystem::create_symlink(net, tree_ / (pid + "/ns/net"));
  }
  [[nodiscard]] std::filesystem::path path() const { return tree_.path(); }

 private:
  TempTree tree_;
};

}  // namespace sockscope
