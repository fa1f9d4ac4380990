#include "analysis/endpoint_table.h"

#include <utility>

namespace sockscope {
namespace {

std::uint64_t descriptor_key(std::int32_t tid, int fd) {
  return (std::uint64_t{static_cast<std::uint32_t>(tid)} << 32U) | static_cast<std::uint32_t>(fd);
}

}  // namespace

EndpointTable::Index EndpointTable::at(std::int32_t tid, int fd) {
  const auto [entry, is_new] = by_descriptor_.try_emplace(descriptor_key(tid, fd), std::ssize(endpoints_));
  if (is_new) {
    Endpoint& endpoint = endpoints_.emplace_back();
    endpoint.tid = tid;
    endpoint.fd = fd;
  }
  return entry->second;
}

void EndpointTable::bind(Index index, std::uint64_t sk, std::uint64_t number) {
  Endpoint& endpoint = (*this)[index];
  if (endpoint.sk == sk) return;
  if (endpoint.sk != 0) {
    Endpoint fresh;
    fresh.tid = endpoint.tid;
    fresh.fd = endpoint.fd;
    fresh.messages = endpoint.messages;
    if (const Message* current = endpoint.find(number); current != nullptr) {
      fresh.outbound.push_back(*current);
      fresh.sent = current->end;
      fresh.peer_sk = endpoint.peer_sk;
    }
    if (endpoint.peer != Endpoint::kNobody) (*this)[endpoint.peer].peer = Endpoint::kNobody;
    by_socket_.erase(endpoint.sk);
    endpoint = std::move(fresh);
  }
  endpoint.sk = sk;
  by_socket_[sk] = index;
  connect_if_known(index);
  if (const auto sender = sender_to_.find(sk); sender != sender_to_.end()) connect_if_known(sender->second);
}

void EndpointTable::arrives_at(Index sender, std::uint64_t sk) {
  if ((*this)[sender].peer_sk == sk) return;
  (*this)[sender].peer_sk = sk;
  sender_to_[sk] = sender;
  connect_if_known(sender);
}

void EndpointTable::connect_if_known(Index sender) {
  const std::uint64_t sk = (*this)[sender].peer_sk;
  if (sk == 0 || (*this)[sender].peer != Endpoint::kNobody) return;
  const auto receiver = by_socket_.find(sk);
  if (receiver != by_socket_.end() && receiver->second != sender) connect(sender, receiver->second);
}

void EndpointTable::connect(Index client, Index server) {
  (*this)[client].peer = server;
  (*this)[client].is_client = true;
  (*this)[server].peer = client;
  (*this)[server].is_client = false;
  // What the receivers got before is unknown: count from the first byte that is still on its way.
  (*this)[server].received = (*this)[client].first_outbound_byte();
  (*this)[client].received = (*this)[server].first_outbound_byte();
}

}  // namespace sockscope
