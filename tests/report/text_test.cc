#include "report/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sockscope {
namespace {

using ::testing::ElementsAre;

TEST(Text, ClipSaysThatItCut) {
  EXPECT_EQ(clip("echo-server", 11), "echo-server");
  EXPECT_EQ(clip("echo-server", 10), "echo-ser..");
  EXPECT_EQ(clip("abc", 1), "a");
}

TEST(Text, WrapBreaksAtBlanks) {
  EXPECT_THAT(wrap("one two three", {8, "", ""}), ElementsAre("one two", "three"));
  EXPECT_THAT(wrap("one two three", {7, "", ""}), ElementsAre("one two", "three"));
  EXPECT_THAT(wrap("one two three", {6, "", ""}), ElementsAre("one", "two", "three"));
  EXPECT_THAT(wrap("one two three", {13, "", ""}), ElementsAre("one two three"));
}

TEST(Text, WrapIndents) { EXPECT_THAT(wrap("one two three", {10, "- ", "  "}), ElementsAre("- one two", "  three")); }

TEST(Text, WrapCutsAWordLongerThanTheLine) {
  EXPECT_THAT(wrap("abcdefghij", {4, "", " "}), ElementsAre("abcd", " efg", " hij"));
}

TEST(Text, WrapKeepsLineFeedsAndNothingElseThatSteers) {
  EXPECT_THAT(wrap("one\ntwo\x1b", {20, "", "  "}), ElementsAre("one", "  two\\x1b"));
  EXPECT_THAT(wrap("", {20, "", ""}), ElementsAre(""));
}

TEST(Text, WrapOfAHopelessWidthStillEnds) {
  EXPECT_THAT(wrap("ab", {0, "    ", "    "}), ElementsAre("    a", "    b"));
}

TEST(Text, CommandsAreContinuedAsAShellReadsThem) {
  EXPECT_THAT(wrap_command("mount -t tracefs nodev", {18, "  ", "    "}),
              ElementsAre("  mount -t \\", "    tracefs nodev"));
}

TEST(Text, AWordOfACommandIsNeverBroken) {
  EXPECT_THAT(wrap_command("sudo aaaaaaaaaaaaaaaaaaaaaaaa b", {10, "", ""}),
              ElementsAre("sudo \\", "aaaaaaaaaaaaaaaaaaaaaaaa \\", "b"));
}

TEST(Text, ItemsShareLinesButAreNotBroken) {
  const std::vector<std::string> items{"size: 64 B", "rounds: 5", "order: ABBA"};
  EXPECT_THAT(wrap_items(items, {26, "  ", "    "}), ElementsAre("  size: 64 B | rounds: 5", "  order: ABBA"));
}

TEST(Text, AnItemLongerThanALineIsBrokenAlone) {
  const std::vector<std::string> items{"a: b", "long: one two three", "c: d"};
  EXPECT_THAT(wrap_items(items, {12, "", "  "}), ElementsAre("a: b", "long: one", "  two three", "c: d"));
}

}  // namespace
}  // namespace sockscope
