#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/error.h"
#include "workloads/barrier.h"
#include "workloads/end_result.h"
#include "workloads/server_sockets.h"
#include "workloads/workload_spec.h"

/// The ping-pong: the client sends a message and waits for the server to send it back, one at a time.
///
/// The first byte of a message is its sequence number (modulo 128), so that a late answer to a request given up is
/// not taken for the answer to the next one. kHello and kEndOfWarmUp there are told to the server: over UDP until they
/// are heard, so that they may come late and are not answered; over TCP once, and the answer takes with it what Nagle's
/// algorithm would have the first measured request wait for. The end is the end of the stream (TCP) or an empty
/// datagram (UDP), as netcat has it.
namespace sockscope {

/// The first byte of what only tells. Of a measured request it is its sequence number, below 128.
inline constexpr std::byte kHello{0xfe};
inline constexpr std::byte kEndOfWarmUp{0xff};

[[nodiscard]] constexpr bool is_answered(std::byte mark, Protocol protocol) {
  return mark < kHello || protocol == Protocol::kTcp;
}

class EchoClient {
 public:
  /// `socket` is connected; it stays the caller's.
  EchoClient(int socket, const WorkloadSpec& spec);

  /// The spec's warm-up round trips. Ends with the server told so.
  Result<> warm_up();

  /// The measured round trips. Between two clock readings there is one send and the receives of its answer, nothing
  /// else. Ends with the server told so.
  Result<EndResult> measure();

  Result<> tell_over(Phase phase);

 private:
  enum class Answer { kCame, kLost };
  static std::byte sequence_mark(std::uint64_t number) { return static_cast<std::byte>(number & 0x7fU); }
  Result<Answer> round_trip(std::byte mark);
  [[nodiscard]] Result<> send_request() const;
  [[nodiscard]] Result<> send_halves() const;
  ssize_t receive_some();
  Result<Answer> receive(std::byte mark, ssize_t got);

  int socket_;
  WorkloadSpec spec_;
  std::vector<std::byte> message_;
  std::size_t received_ = 0;  // bytes of the answer that is coming in; not 0 after half of one was given up
};

class EchoServer {
 public:
  EchoServer(int socket, const WorkloadSpec& spec) : socket_(socket), spec_(spec), message_(spec.size) {}

  /// Until the message that ends the warm-up has come.
  Result<> warm_up();

  /// Echoes until the client's end.
  Result<EndResult> measure();

 private:
  enum class Came { kRequest, kNotice, kEnd };
  Result<bool> receive(ssize_t got);
  template <class Work>
  Result<Came> echo(const Work& work);
  template <class Work>
  Result<std::uint64_t> answer_all(const Work& work);
  std::size_t without_the_half_of_a_lost_request(std::size_t received, std::size_t got);

  int socket_;
  WorkloadSpec spec_;
  std::vector<std::byte> message_;
};

/// The rows of the workload table.
Result<EndResult> run_echo_client(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier);
Result<EndResult> run_echo_server(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier);

}  // namespace sockscope
