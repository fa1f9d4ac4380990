#include "tests/workloads/connected_ends.h"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

#include "base/cpu_list.h"
#include "workloads/socket.h"

namespace sockscope {
namespace {

template <class T>
T or_throw(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(*result);
}

}  // namespace

ConnectedEnds::ConnectedEnds(Protocol protocol) {
  UniqueFd bound = or_throw(bind_server(protocol, 0));
  client = or_throw(connect_to(protocol, or_throw(local_port(bound.get()))));
  if (protocol == Protocol::kTcp) {
    server = or_throw(accept_connection(bound.get()));
    return;
  }
  server = std::move(bound);
  if (write(client.get(), "x", 1) != 1) throw std::runtime_error("cannot send the first datagram");
  if (auto connected = connect_to_first_sender(server.get()); !connected) {
    throw std::runtime_error(connected.error().message);
  }
  char first = 0;
  if (read(server.get(), &first, 1) != 1) throw std::runtime_error("the first datagram is gone");
}

WorkloadSpec ShortRun::spec() const {
  const int cpu = allowed_cpus().front();
  return {.protocol = protocol,
          .size = size,
          .count = count,
          .duration = {},
          .warm_up = warm_up,
          .client_cpu = cpu,
          .server_cpu = cpu};
}

std::string name_of(const ShortRun& run) { return fmt::format("{}{}Bytes", name_of_test(run.protocol), run.size); }

std::string name_of_test(Protocol protocol) { return protocol == Protocol::kTcp ? "Tcp" : "Udp"; }

}  // namespace sockscope
