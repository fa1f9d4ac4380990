#pragma once

#include <unistd.h>

#include <chrono>
#include <functional>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/line_reader.h"
#include "workloads/end_result.h"
#include "workloads/phase.h"

namespace sockscope {

/// A worker's side of the barrier-and-result protocol (workloads/workload.h), for the end that runs in it.
class Barrier {
 public:
  /// How a client tells its server that a phase is over.
  using TellOver = std::function<Result<>(Phase)>;

  /// `patience`: how long a client may tell its server something in vain.
  Barrier(int commands, int answers, std::chrono::milliseconds patience)
      : answers_(answers), patience_(patience), commands_(UniqueFd(commands), "sockscope") {}

  /// The end is connected and paused. `others` are the threads that do its work beside the one of its identity.
  Result<> tell_up(const EndIdentity& identity, const std::vector<pid_t>& others = {}) const;
  Result<> tell_warm() const;
  Result<> tell_measured() const;
  Result<> tell_done(const EndResult& result) const;
  Result<> tell_failed(const Error& error) const;

  /// Returns when the harness says so. It may take its time: perf's start lies in between.
  Result<> wait_for(std::string_view command);

  /// Returns when the harness has heard that both ends are through the phase. Until then it is told again from time to
  /// time: what tells the other end may have been lost, and of both ends only the harness hears. kEnvironment if the
  /// other end refuses it, or hears nothing for too long.
  Result<> wait_until_heard(Phase phase, const TellOver& tell_over);

  /// Returns when the harness closes its end.
  void wait_for_close();

  /// Takes an end with warm_up() and measure() through the protocol, up to its result; complete(result) adds what is
  /// known only when nothing more is sent. `tell_over` is for a client over UDP, whose warm_up() and measure() tell it
  /// once.
  template <class End>
  Result<EndResult> run(End& end, const EndIdentity& identity, const std::vector<pid_t>& others = {},
                        const TellOver& tell_over = {}) {
    if (auto met = tell_over ? tell_over(Phase::kMeeting) : Result<>{}; !met) return pass_on(met);
    if (auto told = tell_up(identity, others); !told) return pass_on(told);
    if (auto heard = wait_until_heard(Phase::kMeeting, tell_over); !heard) return pass_on(heard);
    if (auto released = wait_for("warm-up"); !released) return pass_on(released);
    if (auto warm = end.warm_up(); !warm) return pass_on(warm);
    if (auto told = tell_warm(); !told) return pass_on(told);
    if (auto heard = wait_until_heard(Phase::kWarmUp, tell_over); !heard) return pass_on(heard);
    if (auto released = wait_for("measure"); !released) return pass_on(released);
    auto result = end.measure();
    if (!result) return result;
    if (auto told = tell_measured(); !told) return pass_on(told);
    if (auto heard = wait_until_heard(Phase::kMeasured, tell_over); !heard) return pass_on(heard);
    if constexpr (requires { end.complete(*result); }) end.complete(*result);
    return result;
  }

 private:
  int answers_;
  std::chrono::milliseconds patience_;
  LineReader commands_;
};

}  // namespace sockscope
