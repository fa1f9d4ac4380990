#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/error.h"

namespace sockscope {

/// Some threads that do the same job each on its own part, again and again: the caller's thread and those beside it,
/// which sleep in between.
class ThreadTeam {
 public:
  using Job = std::function<Result<>(std::size_t member)>;

  explicit ThreadTeam(std::size_t members);
  ThreadTeam(const ThreadTeam&) = delete;
  ThreadTeam(ThreadTeam&&) = delete;
  ThreadTeam& operator=(const ThreadTeam&) = delete;
  ThreadTeam& operator=(ThreadTeam&&) = delete;
  ~ThreadTeam();

  /// The thread ids of the members beside the caller.
  [[nodiscard]] const std::vector<pid_t>& others() const { return tids_; }

  /// Runs the job in all of them and returns when all are done: the error of the first member that has one.
  Result<> run(const Job& job);

 private:
  void serve(std::size_t member);

  std::mutex mutex_;
  std::condition_variable changed_;
  const Job* job_ = nullptr;
  std::size_t turn_ = 0;     // how many jobs were given out
  std::size_t running_ = 0;  // members beside the caller that are not done with the last one
  bool is_over_ = false;
  std::vector<Result<>> results_;
  std::vector<pid_t> tids_;
  std::vector<std::jthread> threads_;
};

}  // namespace sockscope
