#include "tests/integration/recorded_programs.h"

namespace sockscope::testing {

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

}  // namespace sockscope::testing
