#include "harness/kernel_functions.h"

#include <gtest/gtest.h>
#include <sys/utsname.h>

#include <span>
#include <string>

#include "tests/harness/temp_tree.h"
#include "tests/support/perf_data_builder.h"

namespace sockscope {
namespace {

constexpr std::uint64_t kId = 11;
constexpr std::uint64_t kText = 0xffffffff81000000;
constexpr const char* kKallsyms = "ffffffff81000000 T _text\nffffffff81000100 t do_it\nffffffff81000180 D data\n";

std::string running_release() {
  utsname machine{};
  uname(&machine);
  return machine.release;
}

/// A recording that says of which release its kernel was, and where _text was.
std::string recording(const std::string& release, std::uint64_t text) {
  test_support::PerfDataBuilder data;
  data.attr({.type = 1, .config = 0, .ids = {kId}, .name = "ev"});
  data.feature(perf_data::feature::kOsrelease, test_support::ByteWriter().header_string(release).str());
  const std::string map = test_support::ByteWriter()
                              .u32(0xffffffff)
                              .u32(0)
                              .u64(text)
                              .u64(0x1000000)
                              .u64(text)
                              .text("[kernel.kallsyms]_text")
                              .zeros(2)
                              .str();
  data.record(test_support::kernel_record_bytes(perf_data::record_type::kMmap, map, {.ids = {kId}}, {.id = kId}));
  return data.file_form();
}

class KernelFunctions : public ::testing::Test {
 protected:
  /// What is found for a recording: the function at do_it, or why not.
  std::string found(const std::string& file, const std::filesystem::path& run_directory = {}) {
    const auto reader = perf_data::Reader::read(std::as_bytes(std::span(file)), "recording");
    if (!reader) return reader.error().message;
    const FoundFunctions functions = kernel_functions_of(*reader, run_directory, tree_ / "kallsyms");
    EXPECT_EQ(functions.symbols.empty(), !functions.why_not.empty());
    return functions.why_not.empty() ? std::string(functions.symbols.name_at(kText + 0x110)) : functions.why_not;
  }

  TempTree tree_;
};

TEST_F(KernelFunctions, AreTheRunningKernelsWhereItIsTheRecordedOne) {
  tree_.file("kallsyms", kKallsyms);
  EXPECT_EQ(found(recording(running_release(), kText)), "do_it");
}

TEST_F(KernelFunctions, AreThoseThatTheRunDirectoryKeeps) {
  tree_.file("kallsyms", kKallsyms);
  tree_.file("run/kallsyms", "ffffffff81000100 t done_then\n");
  EXPECT_EQ(found(recording("5.10.0", kText), tree_ / "run"), "done_then");
}

TEST_F(KernelFunctions, AreNotThoseOfAnotherRelease) {
  tree_.file("kallsyms", kKallsyms);
  EXPECT_EQ(found(recording("5.10.0", kText)), "it is of kernel 5.10.0 and this is " + running_release());
}

TEST_F(KernelFunctions, AreNotThoseOfAKernelThatLaysElsewhere) {
  tree_.file("kallsyms", kKallsyms);
  EXPECT_EQ(found(recording(running_release(), kText + 0x200000)),
            "the kernel has been started again since, and lies elsewhere");
}

TEST_F(KernelFunctions, AreNoneWhereTheyAreHidden) {
  tree_.file("kallsyms", "0000000000000000 T _text\n");
  EXPECT_EQ(found(recording(running_release(), kText)), "/proc/kallsyms shows its addresses to root alone");
}

TEST_F(KernelFunctions, AreKeptInTheRunDirectoryWithoutData) {
  tree_.file("kallsyms", kKallsyms).file("run/run.json", "{}");
  ASSERT_TRUE(keep_kernel_functions(tree_ / "run", tree_ / "kallsyms"));
  EXPECT_EQ(content_of(tree_ / "run/kallsyms"), "ffffffff81000000 T _text\nffffffff81000100 t do_it\n");
}

TEST_F(KernelFunctions, AreNotKeptWhereTheyAreHidden) {
  tree_.file("kallsyms", "0000000000000000 T _text\n").file("run/run.json", "{}");
  ASSERT_TRUE(keep_kernel_functions(tree_ / "run", tree_ / "kallsyms"));
  EXPECT_FALSE(std::filesystem::exists(tree_ / "run/kallsyms"));
}

}  // namespace
}  // namespace sockscope
