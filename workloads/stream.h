#pragma once

#include <cstdint>
#include <vector>

#include "base/unique_fd.h"
#include "workloads/barrier.h"
#include "workloads/one_way.h"
#include "workloads/server_sockets.h"

/// A bulk transfer from client to server: messages as fast as the socket takes them, or a file.
namespace sockscope {

class StreamClient {
 public:
  StreamClient(int socket, const WorkloadSpec& spec);
  Result<> warm_up();
  Result<EndResult> measure();
  void complete(EndResult& result) const { phase_.add_markers(result.measured); }
  Result<> tell_over(Phase phase) { return phase_.tell_over(phase); }

 private:
  struct Sent {
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;
  };
  Result<Sent> send_messages(std::uint64_t count, std::uint64_t deadline_ns);
  Result<Sent> send_file();
  Result<Sent> send_file_as_stream(int file) const;
  Result<Sent> send_file_as_datagrams(int file);

  int socket_;
  WorkloadSpec spec_;
  std::vector<std::byte> message_;
  PhaseTeller phase_;
};

class StreamServer {
 public:
  StreamServer(int socket, const WorkloadSpec& spec) : spec_(spec), receiver_(socket, spec) {}
  Result<> warm_up() { return receiver_.warm_up(); }
  Result<EndResult> measure();
  void complete(EndResult& result) { receiver_.add_counts(result.measured); }

 private:
  WorkloadSpec spec_;
  MessageReceiver receiver_;
};

Result<EndResult> run_stream_client(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier);
Result<EndResult> run_stream_server(const WorkloadSpec& spec, ServerSockets& sockets, Barrier& barrier);

}  // namespace sockscope
