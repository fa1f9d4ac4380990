#include "workloads/netcat/udp_probe.h"

#include <unistd.h>

#include <thread>

namespace sockscope::netcat {
namespace {

// The kernel reports an ICMP port unreachable on the next write.
bool send_one(int socket) { return write(socket, "X", 1) == 1; }

}  // namespace

bool answers_no_refusal(int socket, std::chrono::seconds patience) {
  if (!send_one(socket)) return false;
  for (std::chrono::seconds passed{0}; send_one(socket); ++passed) {
    if (passed == patience) return true;
    std::this_thread::sleep_for(std::chrono::seconds{1});
  }
  return false;
}

}  // namespace sockscope::netcat
