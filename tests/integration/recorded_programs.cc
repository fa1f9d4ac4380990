#include "tests/integration/recorded_programs.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace sockscope::testing {
namespace {

/// perf lost events. Or a program got no CPU for 40 ms, and the kernel acknowledged on its own what had come: an skb
/// more, as it should be, but not the session that is expected. The messages' own way tells.
bool was_disturbed(const Json& report) {
  constexpr std::uint64_t delayed_ack_ns = 30'000'000;
  if (report.at("data_quality").at("lost_events") != 0) return true;
  return std::ranges::any_of(report.at("protocols"), [](const Json& part) {
    return std::ranges::any_of(std::array{"request_one_way_ns", "response_one_way_ns"}, [&](const char* way) {
      return part.at("traced").at(way).value("max", std::uint64_t{0}) > delayed_ack_ns;
    });
  });
}

}  // namespace

std::string free_port() {
  std::string port = run({"python3", "-I", "-c",
                          "import socket; s = socket.create_server(('127.0.0.1', 0));"
                          "print(s.getsockname()[1], end='')"})
                         .out;
  EXPECT_NE(port, "");
  return port;
}

Json report_of(const std::filesystem::path& directory) {
  const auto finished = sockscope({"report", directory.string(), "--format", "json"});
  EXPECT_EQ(finished.status, 0) << finished.err;
  return Json::parse(finished.out, nullptr, false);
}

void expect_laws(const Json& report) {
  EXPECT_FALSE(report.at("laws").empty());
  for (const Json& law : report.at("laws")) EXPECT_TRUE(law.at("holds")) << law.dump();
}

Json RecordedPrograms::report_undisturbed(const std::function<void()>& session) const {
  Json report;
  for (int tries = 0; tries < 3 && (report.is_null() || was_disturbed(report)); ++tries) {
    std::filesystem::remove_all(directory());
    session();
    report = report_of(directory());
  }
  return report;
}

}  // namespace sockscope::testing
