#pragma once

#include <unistd.h>

#include <functional>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/line_reader.h"
#include "workloads/end_result.h"

namespace sockscope {

/// A worker's side of the barrier-and-result protocol (workloads/workload.h), for the end that runs in it.
class Barrier {
 public:
  Barrier(int commands, int answers)
      : answers_(answers), commands_fd_(commands), commands_(UniqueFd(commands), "sockscope") {}

  /// The end is connected and paused. `others` are the threads that do its work beside the one of its identity.
  Result<> tell_up(const EndIdentity& identity, const std::vector<pid_t>& others = {}) const;
  Result<> tell_warm() const;
  Result<> tell_done(const EndResult& result) const;
  Result<> tell_failed(const Error& error) const;

  /// Returns when the harness says so. It may take its time: perf's start lies in between.
  Result<> wait_for(std::string_view command);

  /// The same, and until then `repeat` from time to time.
  Result<> wait_for(std::string_view command, const std::function<void()>& repeat);

  /// Returns when the harness closes its end.
  void wait_for_close();

  /// Takes an end with warm_up() and measure() through the protocol, up to its result. `greet` makes it known to the
  /// other end, which is not up before it has heard of it.
  template <class End>
  Result<EndResult> run(End& end, const EndIdentity& identity, const std::vector<pid_t>& others = {},
                        const std::function<void()>& greet = {}) {
    if (auto told = tell_up(identity, others); !told) return pass_on(told);
    if (auto released = greet ? wait_for("warm-up", greet) : wait_for("warm-up"); !released) return pass_on(released);
    if (auto warm = end.warm_up(); !warm) return pass_on(warm);
    if (auto told = tell_warm(); !told) return pass_on(told);
    if (auto released = wait_for("measure"); !released) return pass_on(released);
    return end.measure();
  }

 private:
  int answers_;
  int commands_fd_;
  LineReader commands_;
};

}  // namespace sockscope
