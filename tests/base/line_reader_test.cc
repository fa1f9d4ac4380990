#include "base/line_reader.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <string>
#include <thread>
#include <utility>

#include "base/child_process.h"

namespace sockscope {
namespace {

using std::chrono::milliseconds;

constexpr WaitLimits kPatient{.timeout = std::chrono::seconds{20}};
constexpr WaitLimits kImpatient{.timeout = milliseconds{20}};

class LineReaderTest : public testing::Test {
 protected:
  LineReaderTest() : LineReaderTest(*Pipe::open()) {}

  void send(std::string_view text) const { ASSERT_TRUE(write_all(write_end_.get(), text, "the reader")); }

  UniqueFd write_end_;
  LineReader reader_;

 private:
  explicit LineReaderTest(Pipe pipe)
      : write_end_(std::move(pipe.write_end)), reader_(std::move(pipe.read_end), "the peer") {}
};

TEST_F(LineReaderTest, GivesALineWithoutItsNewline) {
  send("hello\n");
  EXPECT_EQ(reader_.next(kPatient).value_or("none"), "hello");
}

TEST_F(LineReaderTest, GivesSeveralLinesOfOneChunkOneByOne) {
  send("one\n\nthree\n");
  EXPECT_EQ(reader_.next(kPatient).value_or("none"), "one");
  EXPECT_EQ(reader_.next(kPatient).value_or("none"), "");
  EXPECT_EQ(reader_.next(kPatient).value_or("none"), "three");
  EXPECT_FALSE(reader_.next(kImpatient));
}

TEST_F(LineReaderTest, WaitsForTheRestOfALine) {
  send("first\nhal");
  ASSERT_EQ(reader_.next(kPatient).value_or("none"), "first");
  const auto half = reader_.next(kImpatient);
  ASSERT_FALSE(half);
  EXPECT_EQ(half.error().message, "no answer from the peer within 20 ms");
  send("f\n");
  EXPECT_EQ(reader_.next(kPatient).value_or("none"), "half");
}

TEST_F(LineReaderTest, TakesALineLongerThanItsBuffer) {
  const std::string line(200'000, 'x');
  const std::jthread writer([&] { send(line + "\nnext\n"); });
  EXPECT_EQ(reader_.next(kPatient).value_or("none"), line);
  EXPECT_EQ(reader_.next(kPatient).value_or("none"), "next");
}

TEST_F(LineReaderTest, GivesTheLinesThatCameBeforeTheEnd) {
  send("last\n");
  write_end_.reset();
  EXPECT_EQ(reader_.next(kPatient).value_or("none"), "last");
  const auto behind = reader_.next(kPatient);
  ASSERT_FALSE(behind);
  EXPECT_EQ(behind.error().kind, ErrorKind::kEnvironment);
  EXPECT_EQ(behind.error().message, "the peer ended unexpectedly");
}

TEST_F(LineReaderTest, DoesNotTakeAnUnfinishedLineForALine) {
  send("unfinished");
  write_end_.reset();
  const auto line = reader_.next(kPatient);
  ASSERT_FALSE(line);
  EXPECT_EQ(line.error().message, "the peer ended unexpectedly");
}

TEST_F(LineReaderTest, EndsEarlyWhenTheUserInterrupts) {
  auto interrupt = Pipe::open();
  ASSERT_TRUE(interrupt);
  ASSERT_TRUE(write_all(interrupt->write_end.get(), "x", "us"));
  const auto line = reader_.next({.timeout = std::chrono::hours{1}, .interrupt_fd = interrupt->read_end.get()});
  ASSERT_FALSE(line);
  EXPECT_EQ(line.error().kind, ErrorKind::kInterrupted);
}

TEST(LineReader, SaysWhyItCannotRead) {
  LineReader reader(UniqueFd(open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC)), "the folder");
  const auto line = reader.next(kPatient);
  ASSERT_FALSE(line);
  EXPECT_EQ(line.error().kind, ErrorKind::kEnvironment);
  EXPECT_EQ(line.error().message, "cannot read from the folder: Is a directory");
}

TEST(WriteAll, GoesOnAfterAPartialWrite) {
  auto pipe = Pipe::open();
  ASSERT_TRUE(pipe);
  const std::string text(300'000, 'y');
  Result<> written;
  std::jthread writer([&] { written = write_all(pipe->write_end.get(), text + "\n", "the reader"); });
  LineReader reader(std::move(pipe->read_end), "the writer");
  EXPECT_EQ(reader.next(kPatient).value_or("none"), text);
  writer.join();
  EXPECT_TRUE(written);
}

TEST(WriteAll, ToAReaderThatHasLeftIsAnErrorThatNamesIt) {
  const auto old_handler = std::signal(SIGPIPE, SIG_IGN);
  auto pipe = Pipe::open();
  ASSERT_TRUE(pipe);
  ASSERT_TRUE(write_all(pipe->write_end.get(), "x", "the reader"));
  pipe->read_end.reset();
  const auto written = write_all(pipe->write_end.get(), "x", "the reader");
  (void)std::signal(SIGPIPE, old_handler);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::kEnvironment);
  EXPECT_EQ(written.error().message, "cannot write to the reader: Broken pipe");
}

}  // namespace
}  // namespace sockscope
