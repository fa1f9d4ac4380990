#pragma once

#include <unistd.h>

#include <array>
#include <string>
#include <vector>

#include "tests/integration/reports.h"
#include "tests/integration/sockscope_program.h"

/// Short runs of every workload, each in a network namespace of its own.
namespace sockscope::testing {

/// A workload, and where its report says what became of what it sent, beside what was given up.
struct MeasuredWorkload {
  const char* name;
  const char* arguments;
  int sent;
  std::vector<const char*> arrived;

  [[nodiscard]] int accounted(const Json& measured) const {
    int sum = measured.at("lost_round_trips").get<int>();
    for (const char* count : arrived) sum += measured.value(Json::json_pointer(count), 0);
    return sum;
  }
};

inline const std::array kMeasuredWorkloads{
    MeasuredWorkload{"Echo", "echo --count 12 --warm-up 3", 12, {"/rtt_ns/count"}},
    MeasuredWorkload{
        "EchoInTwoWrites", "echo --pattern write-write-read --count 12 --warm-up 3", 12, {"/rtt_ns/count"}},
    MeasuredWorkload{"EchoOverFlows", "echo --flows 5 --poll epoll --count 12 --warm-up 3", 12, {"/rtt_ns/count"}},
    MeasuredWorkload{"EchoByThreads", "echo --threads 3 --count 12 --warm-up 3", 12, {"/rtt_ns/count"}},
    MeasuredWorkload{"Message", "message --count 12 --warm-up 3", 12, {"/counts/received", "/counts/lost"}},
    MeasuredWorkload{"Rate", "rate --count 12 --warm-up 3", 12, {"/rtt_ns/count"}},
    MeasuredWorkload{"Stream", "stream --count 12 --warm-up 3", 12, {"/counts/received", "/counts/lost"}},
    MeasuredWorkload{"Connect", "connect --count 12 --warm-up 3", 12, {"/units"}},
    MeasuredWorkload{"Scan", "scan --ports 12", 12, {"/counts/open", "/counts/closed"}},
    MeasuredWorkload{"Relay", "relay --count 12 --warm-up 3", 12, {"/units"}},
    // Three keys and the return.
    MeasuredWorkload{
        "Telnet", "telnet --size 3 --count 3 --warm-up 2", 3 * 4, {"/counts/keystrokes", "/counts/returns"}},
};

/// One untraced round of a workload, with the namespace set up by these commands, each with `&&` behind it.
inline Finished in_own_namespace(const std::string& set_up, const std::string& arguments) {
  return run(
      {"unshare", "--net", "sh", "-c",
       "ip link set lo up && " + set_up + " exec \"$0\" compare --untraced --rounds 1 --format json " + arguments,
       SOCKSCOPE_PROGRAM});
}

#define SKIP_WITHOUT_NAMESPACES()                                                     \
  if (geteuid() != 0 || testing::run({"unshare", "--net", "ip", "link"}).status != 0) \
  GTEST_SKIP() << "needs root and network namespaces"

#define SKIP_WITHOUT_NFTABLES()                                                       \
  if (testing::run({"unshare", "--net", "nft", "add table inet filter"}).status != 0) \
  GTEST_SKIP() << "no nftables here: harness/setup.sh test installs it"

}  // namespace sockscope::testing
