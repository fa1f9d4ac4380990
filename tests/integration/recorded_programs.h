#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/integration/sockscope_program.h"

/// Anyone's own programs, recorded for real, and what the report says of them.
namespace sockscope::testing {

using Json = nlohmann::ordered_json;

/// A port of 127.0.0.1 on which nobody listens.
std::string free_port();

Json report_of(const std::filesystem::path& directory);

void expect_laws(const Json& report);

class RecordedPrograms : public ::testing::Test {
 protected:
  void SetUp() override { SKIP_WITHOUT_TRACING(); }

  [[nodiscard]] std::filesystem::path directory(const std::string& name = "run") const { return scratch_ / name; }
  /// Records a server and a client, into directory().
  Finished record(const std::string& server, const std::string& client) {
    return sockscope({"record", "--server", server, "--client", client, directory().string()});
  }
  /// The report on a session, which records into directory(): on another one where the machine was too busy for exact
  /// figures, at most three times.
  [[nodiscard]] Json report_undisturbed(const std::function<void()>& session) const;

 private:
  Scratch scratch_;
};

}  // namespace sockscope::testing
