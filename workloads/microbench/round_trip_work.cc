#include "workloads/microbench/round_trip_work.h"

#include <pthread.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <future>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "base/child_process.h"
#include "base/cpu_list.h"
#include "workloads/receive_timer.h"

namespace sockscope {
namespace {

/// How long a message may be under way before it counts as lost; at most twice that passes.
constexpr std::chrono::milliseconds kPatience{1'000};

/// Sends back whatever comes, until there is nothing to send to any more or `is_over`.
int echo(const End& end, const RoundTripSpec& spec, const std::atomic<bool>& is_over) {
  auto waiter = Waiter::open(end, spec.waiting, spec.size);
  if (!waiter) return 1;
  std::vector<std::byte> buffer(spec.size);
  while (true) {
    const int error = waiter->receive(buffer);
    if (is_over.load(std::memory_order_relaxed) || error == ECONNRESET) return 0;
    // A peer has all the time that the other end has: who waits there gives up.
    if (error == ETIMEDOUT || error == EINTR) continue;
    if (spec.options.quickack) rearm_quickack(end.in());
    if (error != 0 || end.send(buffer) != 0) return 1;
  }
}

/// The other end, in a thread of its own.
class PeerThread {
 public:
  PeerThread(const End& end, const RoundTripSpec& spec, std::optional<int> cpu) {
    std::promise<pid_t> tid;
    auto known = tid.get_future();
    thread_ = std::thread([this, &end, spec, cpu, tid = std::move(tid)]() mutable {
      sigset_t all;
      sigfillset(&all);
      pthread_sigmask(SIG_BLOCK, &all, nullptr);  // ReceiveTimer is the other end's.
      if (cpu) move_to_cpus({*cpu});
      tid.set_value(gettid());
      echo(end, spec, is_over_);
    });
    tid_ = known.get();
  }
  PeerThread(const PeerThread&) = delete;
  PeerThread(PeerThread&&) = delete;
  PeerThread& operator=(const PeerThread&) = delete;
  PeerThread& operator=(PeerThread&&) = delete;
  ~PeerThread() { thread_.join(); }

  [[nodiscard]] pid_t tid() const { return tid_; }
  /// What it receives next is the last thing.
  void end_with_next() { is_over_.store(true, std::memory_order_relaxed); }

 private:
  std::atomic<bool> is_over_ = false;
  pid_t tid_ = 0;
  std::thread thread_;
};

class RoundTrip : public Work {
 public:
  RoundTrip(std::unique_ptr<Channel> channel, Waiter waiter, ReceiveTimer timer, const RoundTripSpec& spec)
      : channel_(std::move(channel)),
        waiter_(std::move(waiter)),
        timer_(std::move(timer)),
        quickack_(spec.options.quickack),
        sent_(spec.size, std::byte{1}),
        received_(spec.size) {}
  ~RoundTrip() override {
    if (!thread_) return;
    thread_->end_with_next();
    std::ignore = channel_->client.send(sent_);
  }
  RoundTrip(const RoundTrip&) = delete;
  RoundTrip(RoundTrip&&) = delete;
  RoundTrip& operator=(const RoundTrip&) = delete;
  RoundTrip& operator=(RoundTrip&&) = delete;

  int once() noexcept override {
    if (const int error = channel_->client.send(sent_); error != 0) return error;
    const int error = waiter_.receive(received_);
    if (quickack_) rearm_quickack(channel_->client.in());
    return error;
  }
  int finish() noexcept override { return sent_ == received_ ? 0 : EBADMSG; }
  [[nodiscard]] std::vector<pid_t> tids() const override {
    return {gettid(), thread_ ? thread_->tid() : process_->pid()};
  }

  void play_against(std::unique_ptr<PeerThread> thread) { thread_ = std::move(thread); }
  void play_against(ChildProcess process) { process_.emplace(std::move(process)); }

 private:
  std::unique_ptr<Channel> channel_;
  Waiter waiter_;
  ReceiveTimer timer_;
  bool quickack_;
  std::vector<std::byte> sent_;
  std::vector<std::byte> received_;
  std::unique_ptr<PeerThread> thread_;  // ends before the channel does
  std::optional<ChildProcess> process_;
};

}  // namespace

std::string_view name_of(Placement placement) {
  constexpr std::array<std::string_view, 3> names{"threads-one-cpu", "threads-two-cpus", "processes"};
  return names.at(static_cast<std::size_t>(placement));
}

AnyWork round_trip(const RoundTripSpec& spec) {
  const bool is_across = spec.placement == Placement::kThreadsTwoCpus;
  if (is_across && !spec.other_cpu) return fail(ErrorKind::kEnvironment, "there is no second CPU");
  auto opened = Channel::open(spec.transport, spec.options);
  if (!opened) return pass_on(opened);
  auto channel = std::make_unique<Channel>(std::move(*opened));
  const End& server = channel->server;
  std::optional<ChildProcess> process;
  if (spec.placement == Placement::kProcesses) {
    auto started = ChildProcess::run({.name = "socket_bench-peer", .keep_fds = {server.in(), server.out()}}, [&] {
      const std::atomic<bool> never = false;
      return echo(server, spec, never);
    });
    if (!started) return pass_on(started);
    process.emplace(std::move(*started));
    channel->server = End();  // The peer's alone, so that its death is seen here.
  }
  auto waiter = Waiter::open(channel->client, spec.waiting, spec.size);
  if (!waiter) return pass_on(waiter);
  auto timer = ReceiveTimer::start(kPatience);
  if (!timer) return pass_on(timer);
  auto work = std::make_unique<RoundTrip>(std::move(channel), std::move(*waiter), std::move(*timer), spec);
  if (process) {
    work->play_against(std::move(*process));
  } else {
    work->play_against(std::make_unique<PeerThread>(server, spec, is_across ? spec.other_cpu : std::nullopt));
  }
  return work;
}

}  // namespace sockscope
