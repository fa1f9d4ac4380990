#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "base/printable.h"
#include "harness/commands.h"
#include "workloads/netcat/netcat.h"

namespace sockscope {
namespace {

constexpr int kFailed = 1;  // As netcat ends; the kinds of other commands' errors do not apply.

// A socket must not get the number of a standard descriptor that was closed: what the peer sends would be taken for
// input, or sent back to it.
Result<> occupy_standard_descriptors() {
  int fd = 0;
  do {
    fd = open("/dev/null", O_RDWR);
    if (fd < 0) return fail(ErrorKind::kEnvironment, "cannot open /dev/null: {}", errno_text(errno));
  } while (fd <= STDERR_FILENO);
  close(fd);
  return {};
}

}  // namespace

Result<int> run_command(const netcat::Options& options, const Interrupt& /*interrupt*/) {
  if (auto occupied = occupy_standard_descriptors(); !occupied) return pass_on(occupied);
  const auto talk = [](const std::string& line) { fmt::print(stderr, "{}\n", printable(line)); };
  auto status = netcat::run(options, talk);
  if (status) return *status;
  talk("nc: " + status.error().message);
  return kFailed;
}

}  // namespace sockscope
