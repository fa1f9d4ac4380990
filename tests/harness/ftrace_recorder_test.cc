#include "harness/ftrace_recorder.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <memory>

#include "harness/function_graph_text.h"
#include "tests/harness/temp_tree.h"

namespace sockscope {
namespace {

using testing::HasSubstr;

/// A tracefs of plain files, in which an instance has what a kernel puts into one: what is written stays there.
class FtraceRecorderTest : public testing::Test {
 protected:
  FtraceRecorderTest() {
    tree_.file("available_tracers", "blk function_graph function nop\n");
    std::filesystem::create_directory(tree_ / "instances");
    paths_ = {.tracefs = tree_.path(), .lockdown = tree_ / "lockdown"};
  }

  /// An instance with its files. They go with the tree: rmdir(2), by which a kernel's goes, leaves a full directory.
  TracefsInstance instance(std::string_view tracers = "function_graph function nop\n") {
    auto made = TracefsInstance::make(tree_.path());
    EXPECT_TRUE(made) << made.error().message;
    put("available_tracers", tracers);
    for (const char* const name : {"tracing_on", "buffer_size_kb", "set_ftrace_filter", "set_ftrace_pid",
                                   "current_tracer", "options/funcgraph-proc", "options/funcgraph-tail"}) {
      put(name, "");
    }
    return std::move(*made);
  }

  void put(const std::filesystem::path& name, std::string_view content) {
    tree_.file(std::filesystem::path("instances") / own_tracefs_instance() / name, content);
  }
  [[nodiscard]] std::string content(const std::filesystem::path& name) const {
    return content_of(tree_ / "instances" / own_tracefs_instance() / name);
  }

  TempTree tree_;
  FtracePaths paths_;
};

TEST_F(FtraceRecorderTest, SetsAnInstanceUp) {
  const auto recorder = FtraceRecorder::start(
      instance(), {.tids = {17, 18}, .functions = {"tcp_*", "udp_sendmsg"}, .bytes_per_cpu = 1 << 20}, paths_);
  ASSERT_TRUE(recorder) << recorder.error().message;
  EXPECT_EQ(content("tracing_on"), "0");
  EXPECT_EQ(content("buffer_size_kb"), "1024");
  EXPECT_EQ(content("set_ftrace_filter"), "tcp_*\nudp_sendmsg\n");
  EXPECT_EQ(content("set_ftrace_pid"), "17\n18\n");
  EXPECT_EQ(content("current_tracer"), "function_graph\n");
  EXPECT_EQ(content("options/funcgraph-proc"), "1");
  EXPECT_EQ(content("options/funcgraph-tail"), "1");
  ASSERT_TRUE(recorder->enable());
  EXPECT_EQ(content("tracing_on"), "1");
  ASSERT_TRUE(recorder->disable());
  EXPECT_EQ(content("tracing_on"), "0");
}

TEST_F(FtraceRecorderTest, WritesWhatReportReads) {
  const auto recorder = FtraceRecorder::start(instance(), {.tids = {7}, .output = tree_ / "trace.log"}, paths_);
  ASSERT_TRUE(recorder) << recorder.error().message;
  put("trace_pipe",
      " 0)   nc-7    |               |  tcp_sendmsg() {\n"
      " 0)   nc-7    |   0.300 us    |    lock_sock_nested();\n"
      " 0)   nc-7    |   1.000 us    |  } /* tcp_sendmsg */\n");
  ASSERT_TRUE(recorder->finish());
  const auto trace = read_function_graph_text(tree_ / "trace.log");
  ASSERT_TRUE(trace) << trace.error().message;
  EXPECT_EQ(trace->tree.calls, 2U);
  EXPECT_EQ(trace->tree.outermost_ns, 1000U);
  EXPECT_TRUE(trace->is_complete());
}

std::string refusal(const Result<FtraceRecorder>& recorder) {
  if (recorder) return "none";
  EXPECT_EQ(recorder.error().kind, ErrorKind::kEnvironment);
  return recorder.error().message;
}

TEST_F(FtraceRecorderTest, SaysThatTheKernelWasBuiltWithoutIt) {
  tree_.file("available_tracers", "blk function nop\n");
  EXPECT_EQ(refusal(FtraceRecorder::start(FunctionTraceSpec{}, paths_)),
            "this kernel has no function_graph tracer (it has blk, function, nop): it was built without "
            "CONFIG_FUNCTION_GRAPH_TRACER; fix: boot a kernel that has it, as those of distributions do");
  EXPECT_TRUE(std::filesystem::is_empty(tree_ / "instances"));
}

TEST_F(FtraceRecorderTest, SaysThatThereIsNoFtrace) {
  std::filesystem::remove(tree_ / "available_tracers");
  EXPECT_EQ(refusal(FtraceRecorder::start(FunctionTraceSpec{}, paths_)),
            "ftrace is out of reach: " + tree_.str() +
                "/available_tracers cannot be read; fix: run as root, and mount -t tracefs nodev " + tree_.str());
}

TEST_F(FtraceRecorderTest, SaysThatAnInstanceCannotHaveIt) {
  EXPECT_THAT(refusal(FtraceRecorder::start(instance("nop\n"), {}, paths_)),
              HasSubstr("runs function_graph in no instance of its own, as newer ones do"));
}

TEST_F(FtraceRecorderTest, NamesTheFileThatItCannotWrite) {
  auto made = instance();
  std::filesystem::remove(made.path() / "set_ftrace_filter");
  EXPECT_EQ(refusal(FtraceRecorder::start(std::move(made), {}, paths_)),
            "cannot write set_ftrace_filter: No such file or directory");
}

/// A file that is immutable refuses root, too, as a kernel that is locked down does: with EPERM.
class ImmutableFile {
 public:
  explicit ImmutableFile(std::filesystem::path path) : path_(std::move(path)) { is_set_ = change("+i"); }
  ImmutableFile(const ImmutableFile&) = delete;
  ImmutableFile(ImmutableFile&&) = delete;
  ImmutableFile& operator=(const ImmutableFile&) = delete;
  ImmutableFile& operator=(ImmutableFile&&) = delete;
  ~ImmutableFile() {
    if (is_set_) (void)change("-i");
  }
  [[nodiscard]] bool is_set() const { return is_set_; }

 private:
  [[nodiscard]] bool change(const std::string& flag) const {
    return std::system(("chattr " + flag + " '" + path_.string() + "' 2>/dev/null").c_str()) == 0;
  }
  std::filesystem::path path_;
  bool is_set_ = false;
};

TEST_F(FtraceRecorderTest, SaysThatTheKernelIsLockedDown) {
  auto made = instance();
  const ImmutableFile filter(made.path() / "set_ftrace_filter");
  if (!filter.is_set()) GTEST_SKIP() << "this file system has no immutable files, or this user may not make any";
  tree_.file("lockdown", "none [integrity] confidentiality\n");
  EXPECT_EQ(refusal(FtraceRecorder::start(std::move(made), {}, paths_)),
            "the kernel is locked down (integrity) and refuses set_ftrace_filter: Operation not permitted; fix: boot "
            "without lockdown= and Secure Boot");
}

TEST_F(FtraceRecorderTest, SaysThatTheKernelRefusesWithoutSayingWhy) {
  auto made = instance();
  const ImmutableFile filter(made.path() / "set_ftrace_filter");
  if (!filter.is_set()) GTEST_SKIP() << "this file system has no immutable files, or this user may not make any";
  EXPECT_EQ(refusal(FtraceRecorder::start(std::move(made), {}, paths_)),
            "the kernel refuses set_ftrace_filter: Operation not permitted; fix: run as root with CAP_SYS_ADMIN, on a "
            "kernel that is not locked down");
}

}  // namespace
}  // namespace sockscope
