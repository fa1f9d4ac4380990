#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "analysis/endpoint.h"

namespace sockscope {

/// All endpoints of a recording, found by thread and descriptor or by the kernel's socket.
class EndpointTable {
 public:
  using Index = std::int32_t;

  /// The endpoint of that thread and descriptor, made on first sight.
  Index at(std::int32_t tid, int fd);

  [[nodiscard]] Endpoint& operator[](Index index) { return endpoints_[static_cast<std::size_t>(index)]; }
  [[nodiscard]] const std::vector<Endpoint>& all() const { return endpoints_; }

  /// Says which socket the descriptor is. Another one than before means that the old one was closed: the endpoint
  /// starts anew, keeping the message `number` that is being sent right now (kNoMessage: none is).
  void bind(Index index, std::uint64_t sk, std::uint64_t number);
  static constexpr std::uint64_t kNoMessage = ~std::uint64_t{0};

  /// A packet of `sender` was seen to arrive at socket `sk`: they become peers as soon as sk's endpoint is known.
  void arrives_at(Index sender, std::uint64_t sk);

  /// Makes two endpoints each other's peer; `client` sent the first message.
  void connect(Index client, Index server);

 private:
  void connect_if_known(Index sender);

  std::vector<Endpoint> endpoints_;
  std::unordered_map<std::uint64_t, Index> by_descriptor_;
  std::unordered_map<std::uint64_t, Index> by_socket_;
  std::unordered_map<std::uint64_t, Index> sender_to_;  // socket -> the endpoint whose packets arrive there
};

}  // namespace sockscope
