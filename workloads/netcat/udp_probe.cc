#include "workloads/netcat/udp_probe.h"

#include <unistd.h>

#include <thread>

namespace sockscope::netcat {
namespace {

// The kernel reports an ICMP port unreachable on the next write.
bool send_one(int socket) { return write(socket, "X", 1) == 1; }

}  // namespace

bool answers_no_refusal(int socket, std::chrono::seconds patience) {
  bool unrefused = send_one(socket) && send_one(socket);
  for (std::chrono::seconds passed{0}; unrefused && passed < patience; ++passed) {
    std::this_thread::sleep_for(std::chrono::seconds{1});
    unrefused = send_one(socket);
  }
  return unrefused;
}

}  // namespace sockscope::netcat
