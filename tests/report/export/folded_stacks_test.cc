#include "report/export/folded_stacks.h"

#include <gtest/gtest.h>

#include <span>
#include <string>
#include <vector>

#include "tests/support/perf_data_builder.h"

namespace sockscope {
namespace {

using perf_data::callchain_mark::kKernel;
using perf_data::callchain_mark::kUser;
using test_support::kTracepointSampleType;
using test_support::PerfDataBuilder;

constexpr std::uint64_t kId = 11;

const KernelSymbols& symbols() {
  static const KernelSymbols known(
      "ffffffff81000000 T _text\n"
      "ffffffff81000100 T entry\n"
      "ffffffff81000200 T call\n"
      "ffffffff81000300 T inner;one\n");
  return known;
}

PerfDataBuilder recording(std::uint64_t more_of_type = perf_data::sample_bit::kCallchain) {
  PerfDataBuilder data;
  data.attr({.type = 1, .config = 0, .sample_type = kTracepointSampleType | more_of_type, .ids = {kId}, .name = "ev"});
  data.comm("echo", {.id = kId, .pid = 10, .tid = 11});
  return data;
}

PerfDataBuilder recording_of(const std::vector<std::vector<std::uint64_t>>& chains) {
  PerfDataBuilder data = recording();
  for (const auto& chain : chains) data.sample({.id = kId, .time_ns = 1, .pid = 10, .tid = 11, .callchain = chain});
  return data;
}

class FoldedStacksTest : public ::testing::Test {
 protected:
  std::uint64_t add(const PerfDataBuilder& data, const KernelSymbols& known = symbols(), std::string_view root = {}) {
    const std::string file = data.file_form();
    const auto reader = perf_data::Reader::read(std::as_bytes(std::span(file)), "recording");
    return reader ? stacks.add(*reader, known, root, [this] { ++events; }) : 0;
  }
  [[nodiscard]] std::string lines() const {
    std::string text;
    stacks.write([&text](std::string_view more) { text += more; });
    return text;
  }

  FoldedStacks stacks;
  std::uint64_t events = 0;
};

constexpr std::uint64_t kInner = 0xffffffff81000310;
constexpr std::uint64_t kCall = 0xffffffff81000280;
constexpr std::uint64_t kEntry = 0xffffffff81000180;

TEST_F(FoldedStacksTest, GoFromTheOutermostFrameToTheEvent) {
  const std::vector<std::uint64_t> chain{kKernel, kInner, kCall, kEntry, kUser, 0x7f00, 0x7e00, 0};
  EXPECT_EQ(add(recording_of({chain, chain, {kKernel, kCall, kEntry}})), 3U);
  EXPECT_EQ(lines(), "echo;[user];entry;call;inner:one;ev 2\necho;entry;call;ev 1\n");
  EXPECT_EQ(events, 3U);
}

TEST_F(FoldedStacksTest, FindACallAtTheVeryEndOfItsFunction) {
  // The return address of the caller is the first byte of the next function; the innermost one is where it is.
  add(recording_of({{kKernel, 0xffffffff81000300, 0xffffffff81000200}}));
  EXPECT_EQ(lines(), "echo;entry;inner:one;ev 1\n");
}

TEST_F(FoldedStacksTest, HaveAddressesWhereTheFunctionsAreNotKnown) {
  add(recording_of({{kKernel, kCall, kEntry}}), KernelSymbols());
  EXPECT_EQ(lines(), "echo;0xffffffff81000180;0xffffffff81000280;ev 1\n");
}

TEST_F(FoldedStacksTest, OfSeveralRecordingsBeginWithWhatTellsThemApart) {
  EXPECT_EQ(add(recording_of({{kKernel, kCall}}), symbols(), "tcp, round 1"), 1U);
  EXPECT_EQ(add(recording_of({{kKernel, kCall}}), symbols(), "udp, round 1"), 1U);
  EXPECT_EQ(lines(), "tcp, round 1;echo;call;ev 1\nudp, round 1;echo;call;ev 1\n");
}

TEST_F(FoldedStacksTest, OfAThreadWithoutANameHaveItsNumber) {
  PerfDataBuilder data = recording();
  data.sample({.id = kId, .time_ns = 1, .pid = 20, .tid = 21, .callchain = {kKernel, kCall}});
  add(data);
  EXPECT_EQ(lines(), ":21;call;ev 1\n");
}

TEST_F(FoldedStacksTest, AreOfWantedThreadsAlone) {
  PerfDataBuilder data = recording();
  data.comm("other", {.id = kId, .pid = 20, .tid = 21});
  for (const std::uint32_t tid : {11U, 21U, 11U, 31U}) {
    data.sample({.id = kId, .time_ns = 1, .pid = tid - 1, .tid = tid, .callchain = {kKernel, kCall}});
  }
  const std::string file = data.file_form();
  const auto reader = perf_data::Reader::read(std::as_bytes(std::span(file)), "recording");
  ASSERT_TRUE(reader);
  const auto is_wanted = [](std::int32_t tid, std::string_view comm) { return tid == 31 || comm == "other"; };
  EXPECT_EQ(stacks.add(*reader, symbols(), {}, [this] { ++events; }, is_wanted), 2U);
  EXPECT_EQ(events, 4U);
  EXPECT_EQ(lines(), ":31;call;ev 1\nother;call;ev 1\n");
  EXPECT_EQ(stacks.counts().size(), 2U);
  EXPECT_EQ(stacks.counts().at("other;call;ev"), 1U);
}

TEST_F(FoldedStacksTest, AreNoneWithoutCallChains) {
  PerfDataBuilder data = recording(0);
  data.sample({.id = kId, .time_ns = 1, .pid = 10, .tid = 11});
  EXPECT_EQ(add(data), 0U);
  EXPECT_EQ(lines(), "");
}

TEST(KernelAnchorOf, IsTheSymbolThatTheKernelsMapIsNamedBy) {
  PerfDataBuilder data = recording();
  const std::string body = test_support::ByteWriter()
                               .u32(0xffffffff)
                               .u32(0)
                               .u64(0xffffffff81000000)
                               .u64(0x1000000)
                               .u64(0xffffffff81000040)
                               .text("[kernel.kallsyms]_text")
                               .zeros(2)
                               .str();
  data.record(test_support::kernel_record_bytes(perf_data::record_type::kMmap, body, {.ids = {kId}}, {.id = kId}));
  const std::string file = data.file_form();
  const auto reader = perf_data::Reader::read(std::as_bytes(std::span(file)), "recording");
  ASSERT_TRUE(reader);
  const KernelAnchor anchor = kernel_anchor(*reader);
  EXPECT_EQ(anchor.name, "_text");
  EXPECT_EQ(anchor.address, 0xffffffff81000040);
}

TEST(KernelAnchorOf, IsNothingWhereNoMapSaysIt) {
  const std::string file = recording_of({{kKernel, kCall}}).file_form();
  const auto reader = perf_data::Reader::read(std::as_bytes(std::span(file)), "recording");
  ASSERT_TRUE(reader);
  EXPECT_EQ(kernel_anchor(*reader).name, "");
}

}  // namespace
}  // namespace sockscope
