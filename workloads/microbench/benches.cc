#include "workloads/microbench/benches.h"

#include <fmt/format.h>

#include <array>
#include <functional>
#include <string_view>

#include "workloads/microbench/call_works.h"
#include "workloads/microbench/round_trip_work.h"

namespace sockscope {
namespace {

constexpr std::array<std::size_t, 5> kSizes{1, 64, 1'400, 16'384, 65'536};
constexpr std::array kNetworks{Transport::kTcp, Transport::kUdp};
constexpr std::array kSockets{Transport::kTcp, Transport::kUdp, Transport::kUnix, Transport::kUnixDatagram};

class Benches {
 public:
  explicit Benches(std::optional<int> other_cpu) : other_cpu_(other_cpu) {}

  void add(std::string name, std::function<AnyWork()> make) { benches_.push_back({std::move(name), std::move(make)}); }
  void add_batched(std::string name, std::function<AnyWork()> make) {
    benches_.push_back({std::move(name), std::move(make), true});
  }

  /// For each size that the transport can carry; of an eventfd, its own.
  template <class Add>
  static void for_sizes(Transport transport, const Add& add) {
    if (transport == Transport::kEventfd) return add(std::size_t{8});
    for (const std::size_t size : kSizes) {
      if (can_carry(transport, size)) add(size);
    }
  }

  void add_calls() {
    for (const Transport transport : kSockets) {
      const std::string_view name = name_of(transport);
      for_sizes(transport, [&](std::size_t size) {
        add_batched(fmt::format("send/{}/{}", name, size), [=] { return send_alone(transport, size); });
        add_batched(fmt::format("recv/{}/{}", name, size), [=] { return receive_alone(transport, size); });
      });
      add(fmt::format("recv_empty/{}/1", name), [=] { return receive_empty(transport); });
      add(fmt::format("send_full/{}/1400", name), [=] { return send_full(transport, 1'400); });
      add(fmt::format("getsockname/{}/0", name), [=] { return getsockname_call(transport); });
      add(fmt::format("setsockopt/{}/4", name), [=] { return setsockopt_call(transport); });
    }
    for (const Transport transport : kTransports) {
      const std::string_view name = name_of(transport);
      for (const auto& [word, readiness] :
           {std::pair{"ready", Readiness::kReady}, std::pair{"empty", Readiness::kEmpty}}) {
        add(fmt::format("poll_{}/{}/1", word, name), [=] { return poll_call(transport, readiness); });
        add(fmt::format("epoll_{}/{}/1", word, name), [=] { return epoll_call(transport, readiness); });
      }
    }
  }

  void add_lives() {
    for (const Transport transport : kSockets) {
      add(fmt::format("socket/{}/0", name_of(transport)), [=] { return socket_call(transport); });
      add(fmt::format("bind/{}/0", name_of(transport)), [=] { return bind_call(transport); });
    }
    add("listen/tcp/0", listen_call);
    add("connect_accept_close/tcp/0", connection);
    add("connect_refused/tcp/0", refused_connection);
  }

  void add_messages() {
    for (const Transport transport : kTransports) {
      for_sizes(transport, [&](std::size_t size) {
        add(fmt::format("message/{}/{}/thread", name_of(transport), size),
            [=] { return same_thread_message(transport, size); });
      });
    }
    add("message_unconnected/udp/64/thread", [] { return unconnected_message(64); });
    for (const std::size_t count : {std::size_t{1}, std::size_t{8}, std::size_t{64}}) {
      add_batched(fmt::format("sendmmsg_{}/udp/64", count), [=] { return sendmmsg_alone(Transport::kUdp, 64, count); });
      add_batched(fmt::format("recvmmsg_{}/udp/64", count), [=] { return recvmmsg_alone(Transport::kUdp, 64, count); });
    }
    add("gso_16/udp/1400/thread", [] { return segmented_message(1'400, 16, false); });
    add("gso_gro_16/udp/1400/thread", [] { return segmented_message(1'400, 16, true); });
    for (const std::size_t size : {std::size_t{16'384}, std::size_t{65'536}}) {
      add(fmt::format("zerocopy/tcp/{}/thread", size), [=] { return zerocopy_message(size); });
      add(fmt::format("sendfile/tcp/{}/thread", size), [=] { return sendfile_message(size); });
      add(fmt::format("splice/tcp/{}/thread", size), [=] { return splice_message(size); });
    }
    for (const Transport transport : kNetworks) {
      add(fmt::format("io_uring/{}/64/thread", name_of(transport)), [=] { return io_uring_message(transport, 64); });
    }
  }

  void add_round_trips() {
    for (const Placement placement : {Placement::kThreadsOneCpu, Placement::kThreadsTwoCpus, Placement::kProcesses}) {
      for (const Transport transport : kTransports) {
        for_sizes(transport, [&](std::size_t size) {
          add_round_trip("round_trip", {.transport = transport, .size = size, .placement = placement});
        });
      }
    }
    for (const Transport transport : kNetworks) {
      for (const Waiting waiting :
           {Waiting::kBlock, Waiting::kPoll, Waiting::kEpollLevel, Waiting::kEpollEdge, Waiting::kLowWater}) {
        add_round_trip(fmt::format("wake_{}", name_of(waiting)),
                       {.transport = transport, .placement = Placement::kThreadsOneCpu, .waiting = waiting});
      }
      add_round_trip("wake_busy",
                     {.transport = transport, .placement = Placement::kThreadsTwoCpus, .waiting = Waiting::kBusy});
    }
    for (const auto& [word, options] :
         {std::pair{"nodelay_off", SocketOptions{.nodelay = false}},
          std::pair{"quickack", SocketOptions{.quickack = true}}, std::pair{"cork", SocketOptions{.cork = true}}}) {
      add_round_trip(fmt::format("round_trip_{}", word), {.placement = Placement::kProcesses, .options = options});
    }
    add_round_trip("round_trip_busy_poll",
                   {.transport = Transport::kUdp, .placement = Placement::kProcesses, .options = {.busy_poll_us = 50}});
  }

  std::vector<Bench> take() { return std::move(benches_); }

 private:
  void add_round_trip(std::string_view what, RoundTripSpec spec) {
    spec.other_cpu = other_cpu_;
    add(fmt::format("{}/{}/{}/{}", what, name_of(spec.transport), spec.size, name_of(spec.placement)),
        [spec] { return round_trip(spec); });
  }

  std::optional<int> other_cpu_;
  std::vector<Bench> benches_;
};

}  // namespace

std::vector<Bench> all_benches(std::optional<int> other_cpu) {
  Benches benches(other_cpu);
  benches.add_calls();
  benches.add_lives();
  benches.add_messages();
  benches.add_round_trips();
  return benches.take();
}

}  // namespace sockscope
