#include "parsers/ctf/trace_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace sockscope::ctf {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class TraceFolders : public ::testing::Test {
 public:
  TraceFolders() : root(fs::temp_directory_path() / ("sockscope-folders-" + std::to_string(getpid()))) {
    fs::create_directories(root);
  }
  ~TraceFolders() override { fs::remove_all(root); }
  TraceFolders(const TraceFolders&) = delete;
  TraceFolders(TraceFolders&&) = delete;
  TraceFolders& operator=(const TraceFolders&) = delete;
  TraceFolders& operator=(TraceFolders&&) = delete;

  fs::path add(const std::string& folder, const std::string& metadata = "/* CTF 1.8 */\n") const {
    fs::create_directories(root / folder);
    std::ofstream(root / folder / "metadata") << metadata;
    std::ofstream(root / folder / "channel0_0") << "12345";
    return root / folder;
  }

  fs::path root;
};

TEST_F(TraceFolders, AreWhereMetadataIs) {
  EXPECT_FALSE(is_trace(root));
  const auto trace = add("trace");
  EXPECT_TRUE(is_trace(trace));
  const auto found = find_trace(trace);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_THAT(found->parts, ElementsAre(trace));
  EXPECT_EQ(found->bytes, 14U + 5U);
}

TEST_F(TraceFolders, OfASessionAreTheKernels) {
  const auto first = add("session/archives/1/kernel");
  const auto second = add("session/archives/2/kernel");
  add("session/archives/2/ust/uid");
  EXPECT_TRUE(is_trace(root / "session"));
  const auto found = find_trace(root / "session");
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_THAT(found->parts, ElementsAre(first, second));
}

TEST_F(TraceFolders, FarBelowAreLttngsAlone) {
  add("home/registry/images");
  EXPECT_FALSE(is_trace(root));
  EXPECT_FALSE(is_trace(root / "home"));
  EXPECT_TRUE(is_trace(root / "home/registry")) << "a trace beside its name";
}

TEST_F(TraceFolders, OfCtf2AreRefused) {
  const auto trace = add("trace", "\x1e{\"type\":\"preamble\"}");
  EXPECT_TRUE(is_trace(trace));
  const auto found = find_trace(trace);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorKind::kInput);
  EXPECT_EQ(found.error().message,
            trace.string() +
                ": is a CTF 2 trace, and only CTF 1.8 is read: record it with lttng create --trace-format=ctf-1.8");
}

TEST_F(TraceFolders, OfNothingAreRefused) {
  const auto found = find_trace(root);
  ASSERT_FALSE(found);
  EXPECT_THAT(found.error().message, HasSubstr("has no metadata file"));
}

}  // namespace
}  // namespace sockscope::ctf
