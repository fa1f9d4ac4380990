#include "workloads/thread_team.h"

#include <unistd.h>

#include <algorithm>

namespace sockscope {

ThreadTeam::ThreadTeam(std::size_t members) : results_(members), tids_(members - 1) {
  running_ = members - 1;
  for (std::size_t member = 1; member < members; ++member) threads_.emplace_back([this, member] { serve(member); });
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return running_ == 0; });
}

ThreadTeam::~ThreadTeam() {
  const std::lock_guard lock(mutex_);
  is_over_ = true;
  changed_.notify_all();
}

void ThreadTeam::serve(std::size_t member) {
  std::unique_lock lock(mutex_);
  tids_[member - 1] = gettid();
  for (std::size_t seen = 0;;) {
    --running_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return is_over_ || turn_ != seen; });
    if (is_over_) return;
    seen = turn_;
    lock.unlock();
    results_[member] = (*job_)(member);
    lock.lock();
  }
}

Result<> ThreadTeam::run(const Job& job) {
  {
    const std::lock_guard lock(mutex_);
    job_ = &job;
    running_ = threads_.size();
    ++turn_;
    changed_.notify_all();
  }
  results_[0] = job(0);
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return running_ == 0; });
  const auto failed = std::ranges::find_if(results_, [](const Result<>& result) { return !result.has_value(); });
  return failed == results_.end() ? Result<>{} : *failed;
}

}  // namespace sockscope
