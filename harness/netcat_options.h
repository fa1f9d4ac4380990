#pragma once

#include <CLI/CLI.hpp>
#include <memory>

#include "base/error.h"
#include "workloads/netcat/netcat.h"

namespace sockscope {

/// The options of `sockscope nc`, which are netcat's: single letters that may stand together, as in -lkv.
class NetcatCommandLine {
 public:
  explicit NetcatCommandLine(CLI::App& app);
  ~NetcatCommandLine();
  NetcatCommandLine(const NetcatCommandLine&) = delete;
  NetcatCommandLine(NetcatCommandLine&&) = delete;
  NetcatCommandLine& operator=(const NetcatCommandLine&) = delete;
  NetcatCommandLine& operator=(NetcatCommandLine&&) = delete;

  [[nodiscard]] bool parsed() const;
  /// What was asked for, once parsed. kUsage if it makes no sense.
  [[nodiscard]] Result<netcat::Options> options() const;

 private:
  struct Words;
  std::unique_ptr<Words> words_;  ///< CLI11 keeps pointers into it.
  const CLI::App* command_;
};

}  // namespace sockscope
