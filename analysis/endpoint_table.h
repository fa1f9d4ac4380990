#pragma once

#include <cstdint>
#include <vector>

#include "analysis/endpoint.h"
#include "base/flat_map.h"

namespace sockscope {

/// All endpoints of a recording, found by thread and descriptor or by the kernel's socket.
class EndpointTable {
 public:
  using Index = std::int32_t;

  /// Far more sockets than one recording follows at a time; those beyond are not followed.
  static constexpr std::size_t kMostEndpoints = 16'384;

  /// In the place of a thread: the descriptor is a SocketNumber, which means the same socket in all of them.
  static constexpr std::int32_t kAnyThread = -1;

  /// The endpoint of that thread and descriptor; Endpoint::kNobody if it is not known as one.
  [[nodiscard]] Index find(std::int32_t tid, int fd) const;
  /// The endpoint that the kernel's socket was bound to; kNobody if it is not known as one.
  [[nodiscard]] Index find_socket(std::uint64_t sk) const;
  /// That of the thread and descriptor, made on first sight; kNobody only when there are kMostEndpoints.
  Index at(std::int32_t tid, int fd);

  [[nodiscard]] Endpoint& operator[](Index index) { return endpoints_[static_cast<std::size_t>(index)]; }
  [[nodiscard]] const Endpoint& operator[](Index index) const { return endpoints_[static_cast<std::size_t>(index)]; }
  /// The thread at the other end; 0 if there is none, or none any more.
  [[nodiscard]] std::int32_t tid_of_peer(const Endpoint& end) const {
    return end.peer == Endpoint::kNobody ? 0 : (*this)[end.peer].tid;
  }
  [[nodiscard]] const std::vector<Endpoint>& all() const { return endpoints_; }

  /// Says which socket the descriptor is, in which process. Another one than before means that the old one was closed:
  /// the endpoint starts anew, keeping the message `number` that is being sent right now (kNoMessage: none is). A
  /// socket that another process had means that it was closed there and its address used again.
  void bind(Index index, std::uint64_t sk, std::int32_t pid, std::uint64_t number);
  static constexpr std::uint64_t kNoMessage = ~std::uint64_t{0};

  /// A packet of `sender` was seen to arrive at socket `sk`: they become peers as soon as sk's endpoint is known.
  void arrives_at(Index sender, std::uint64_t sk);

  /// A call that nobody follows sent or received so many bytes on the socket.
  void pass_over(std::uint64_t sk, bool is_send, std::uint64_t bytes);

  /// Makes two endpoints each other's peer; `client` sent the first message.
  void connect(Index client, Index server);

 private:
  void start_anew(Endpoint& endpoint, std::uint64_t number);
  void take_from_others(Index index, std::uint64_t sk);
  void connect_if_known(Index sender);

  std::vector<Endpoint> endpoints_;
  FlatMap<std::uint64_t, Index> by_descriptor_;
  FlatMap<std::uint64_t, Index> by_socket_;
  FlatMap<std::uint64_t, Index> sender_to_;  // socket -> the endpoint whose packets arrive there
};

}  // namespace sockscope
