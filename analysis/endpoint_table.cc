#include "analysis/endpoint_table.h"

#include <utility>

namespace sockscope {
namespace {

std::uint64_t descriptor_key(std::int32_t tid, int fd) {
  return (std::uint64_t{static_cast<std::uint32_t>(tid)} << 32U) | static_cast<std::uint32_t>(fd);
}

}  // namespace

EndpointTable::Index EndpointTable::find(std::int32_t tid, int fd) const {
  const Index* const found = by_descriptor_.find(descriptor_key(tid, fd));
  return found == nullptr ? Endpoint::kNobody : *found;
}

EndpointTable::Index EndpointTable::find_socket(std::uint64_t sk) const {
  const Index* const found = by_socket_.find(sk);
  return found == nullptr ? Endpoint::kNobody : *found;
}

EndpointTable::Index EndpointTable::at(std::int32_t tid, int fd) {
  const Index known = find(tid, fd);
  if (known != Endpoint::kNobody || endpoints_.size() == kMostEndpoints) return known;
  Endpoint& endpoint = endpoints_.emplace_back();
  endpoint.tid = tid;
  endpoint.fd = fd;
  endpoint.is_whole = tid == kAnyThread;
  return by_descriptor_[descriptor_key(tid, fd)] = static_cast<Index>(endpoints_.size() - 1);
}

void EndpointTable::bind(Index index, std::uint64_t sk, std::int32_t pid, std::uint64_t number) {
  Endpoint& endpoint = (*this)[index];
  if (endpoint.sk == sk) return;
  if (endpoint.sk != 0) start_anew(endpoint, number);
  endpoint.sk = sk;
  endpoint.pid = pid;
  take_from_others(index, sk);
  by_socket_[sk] = index;
  connect_if_known(index);
  if (const Index* const sender = sender_to_.find(sk); sender != nullptr) connect_if_known(*sender);
}

void EndpointTable::start_anew(Endpoint& endpoint, std::uint64_t number) {
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

// Threads of one process may share a socket; of two processes that name the same one, the earlier has closed it, and so
// it has of two sockets that SessionAnalysis tells apart.
// Whoever it heard from has lost its peer. Who was taken for its peer and not heard by it any more sends to the new
// one.
void EndpointTable::take_from_others(Index index, std::uint64_t sk) {
  const Index* const found = by_socket_.find(sk);
  if (found == nullptr || *found == index) return;
  const Index owner = *found;
  const bool are_told_apart = (*this)[owner].is_whole && (*this)[index].is_whole;
  if (!are_told_apart && (*this)[owner].pid == (*this)[index].pid) return;
  const Index waiting = (*this)[owner].has_heard_peer ? Endpoint::kNobody : (*this)[owner].peer;
  for (Index other = 0; other < static_cast<Index>(endpoints_.size()); ++other) {
    if ((*this)[other].peer != owner) continue;
    (*this)[other].peer = Endpoint::kNobody;
    if (other != waiting) (*this)[other].peer_sk = 0;
  }
  (*this)[owner].sk = 0;
  (*this)[owner].peer = Endpoint::kNobody;
  (*this)[owner].peer_sk = 0;
  (*this)[owner].outbound.clear();
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
  const Index* const receiver = by_socket_.find(sk);
  if (receiver == nullptr || *receiver == sender) return;
  if ((*this)[sender].is_accepted) {
    connect(*receiver, sender);
  } else {
    connect(sender, *receiver);
  }
}

void EndpointTable::pass_over(std::uint64_t sk, bool is_send, std::uint64_t bytes) {
  const Index* const index = by_socket_.find(sk);
  if (index == nullptr) return;
  (is_send ? (*this)[*index].sent : (*this)[*index].received) += bytes;
}

void EndpointTable::connect(Index client, Index server) {
  (*this)[client].peer = server;
  (*this)[client].has_heard_peer = (*this)[server].has_heard_peer = false;
  (*this)[client].is_client = true;
  (*this)[server].peer = client;
  (*this)[server].is_client = false;
  if ((*this)[server].is_whole && (*this)[client].is_whole) return;
  // What the receivers got before is unknown: count from the first byte that is still on its way.
  (*this)[server].received = (*this)[client].first_outbound_byte();
  (*this)[client].received = (*this)[server].first_outbound_byte();
}

}  // namespace sockscope
