#include "harness/netcat_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "harness/command_line.h"

namespace sockscope {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Words = std::vector<const char*>;

Result<Options> parse(Words words) {
  words.insert(words.begin(), {"sockscope", "nc"});
  return parse_command_line(static_cast<int>(words.size()), words.data());
}

netcat::Options parsed(const Words& words) {
  auto options = parse(words);
  if (options && std::holds_alternative<netcat::Options>(*options)) return std::get<netcat::Options>(*options);
  ADD_FAILURE() << (options ? "taken for another command" : options.error().message);
  return {};
}

std::string error_of(const Words& words) {
  const auto options = parse(words);
  if (options) return "no error";
  EXPECT_EQ(options.error().kind, ErrorKind::kUsage);
  return options.error().message;
}

TEST(NetcatCommandLine, HasItsDefaults) {
  const auto options = parsed({"example.org", "80"});
  EXPECT_EQ(options.protocol, Protocol::kTcp);
  EXPECT_EQ(options.family, AF_UNSPEC);
  EXPECT_EQ(options.host, "example.org");
  EXPECT_THAT(options.ports, ElementsAre(80));
  EXPECT_EQ(options.source_port, std::nullopt);
  EXPECT_EQ(options.source_host, "");
  EXPECT_EQ(options.buffers.receive_bytes, std::nullopt);
  EXPECT_EQ(options.buffers.send_bytes, std::nullopt);
  EXPECT_EQ(options.timeout, std::nullopt);
  EXPECT_EQ(options.quit_delay, std::nullopt);
  EXPECT_EQ(options.interval, seconds{0});
  EXPECT_TRUE(options.read_input);
  for (const bool flag : {options.listen, options.keep_listening, options.scan, options.verbose, options.numeric_only,
                          options.shut_down_at_input_end, options.refuse_telnet_options}) {
    EXPECT_FALSE(flag);
  }
}

TEST(NetcatCommandLine, TakesEveryOptionOfAClient) {
  const auto options = parsed({"-udNntvz", "-6", "-I", "4096", "-O", "5000", "-i", "2", "-p", "1234", "-q", "3", "-s",
                               "::1", "-w", "4", "::1", "20-22", "tftp"});
  EXPECT_THAT(options.ports, ElementsAre(20, 21, 22, 69));
  EXPECT_EQ(options.protocol, Protocol::kUdp);
  EXPECT_EQ(options.family, AF_INET6);
  EXPECT_EQ(options.host, "::1");
  EXPECT_EQ(error_of({"-u", "::1", "ssh"}), "nc: port number invalid: ssh (see sockscope nc --help)");
  EXPECT_EQ(options.source_port, 1234);
  EXPECT_EQ(options.source_host, "::1");
  EXPECT_EQ(options.buffers.receive_bytes, 4096);
  EXPECT_EQ(options.buffers.send_bytes, 5000);
  EXPECT_EQ(options.timeout, seconds{4});
  EXPECT_EQ(options.quit_delay, seconds{3});
  EXPECT_EQ(options.interval, seconds{2});
  EXPECT_FALSE(options.read_input);
  EXPECT_TRUE(options.shut_down_at_input_end);
  EXPECT_TRUE(options.numeric_only);
  EXPECT_TRUE(options.refuse_telnet_options);
  EXPECT_TRUE(options.verbose);
  EXPECT_TRUE(options.scan);
}

TEST(NetcatCommandLine, OptionsMayStandTogetherAnywhereAndTheLastOneCounts) {
  const auto options = parsed({"-w1", "localhost", "-vvw2", "-46", "80", "-4"});
  EXPECT_EQ(options.timeout, seconds{2});
  EXPECT_EQ(options.family, AF_INET);
  EXPECT_TRUE(options.verbose);
  EXPECT_THAT(options.ports, ElementsAre(80));
  EXPECT_EQ(parsed({"-64", "h", "1"}).family, AF_INET);
  EXPECT_EQ(parsed({"-46", "h", "1"}).family, AF_INET6);
}

TEST(NetcatCommandLine, ListensOnOperandsOrOnOptions) {
  const auto any = parsed({"-lk", "9000"});
  EXPECT_TRUE(any.listen);
  EXPECT_TRUE(any.keep_listening);
  EXPECT_EQ(any.host, "");
  EXPECT_THAT(any.ports, ElementsAre(9000));
  EXPECT_EQ(parsed({"-l", "127.0.0.1", "0"}).host, "127.0.0.1");
  EXPECT_THAT(parsed({"-l", "127.0.0.1", "0"}).ports, ElementsAre(0));
  EXPECT_THAT(parsed({"-lp", "9000"}).ports, ElementsAre(9000));
  const auto both = parsed({"-l", "-s", "127.0.0.1", "-p", "http"});
  EXPECT_EQ(both.host, "127.0.0.1");
  EXPECT_THAT(both.ports, ElementsAre(80));
  for (const Words& words : {Words{"-l"}, Words{"-l", "-s", "127.0.0.1"}, Words{"-l", "1", "2", "3"},
                             Words{"-l", "-p", "1", "2"}, Words{"-l", "-s", "127.0.0.1", "2"}, Words{"-l", "1-2"}}) {
    EXPECT_NE(error_of(words), "no error") << words.back();
  }
}

TEST(NetcatCommandLine, ANegativeQuitDelayIsNone) {
  EXPECT_EQ(parsed({"-q", "-1", "h", "1"}).quit_delay, std::nullopt);
  EXPECT_EQ(parsed({"-q", "0", "h", "1"}).quit_delay, seconds{0});
}

TEST(NetcatCommandLine, NamesWhatMakesNoSense) {
  EXPECT_EQ(error_of({}), "nc: missing host and port number (see sockscope nc --help)");
  EXPECT_EQ(error_of({"h"}), "nc: missing port number (see sockscope nc --help)");
  EXPECT_EQ(error_of({"-lz", "1"}), "nc: cannot use -z and -l (see sockscope nc --help)");
  EXPECT_EQ(error_of({"-k", "h", "1"}), "nc: must use -l with -k (see sockscope nc --help)");
  EXPECT_EQ(error_of({"h", "0"}), "nc: port number too small: 0 (see sockscope nc --help)");
  EXPECT_EQ(error_of({"-p", "65536", "h", "1"}), "nc: port number too large: 65536 (see sockscope nc --help)");
  for (const Words& words : {Words{"-w", "-1"}, Words{"-w", "2147484"}, Words{"-i", "-1"}, Words{"-I", "0"},
                             Words{"-O", "x"}, Words{"-q", "x"}}) {
    EXPECT_THAT(error_of({words[0], words[1], "h", "1"}), HasSubstr(words[0]));
  }
  EXPECT_THAT(error_of({"-U", "socket"}), HasSubstr("-U"));
}

}  // namespace
}  // namespace sockscope
