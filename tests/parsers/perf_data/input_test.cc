#include "parsers/perf_data/input.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "base/unique_fd.h"
#include "parsers/perf_data/reader.h"
#include "tests/support/perf_data_builder.h"

namespace sockscope::perf_data {
namespace {

namespace fs = std::filesystem;
using test_support::PerfDataBuilder;

PerfDataBuilder recording(std::uint64_t first_ns, int samples, std::uint32_t cpu = 0) {
  PerfDataBuilder data;
  data.attr({.config = 7, .ids = {1}, .name = "sys:it"});
  for (int i = 0; i < samples; ++i) {
    data.sample({.id = 1, .time_ns = first_ns + static_cast<std::uint64_t>(i) * 10, .cpu = cpu});
  }
  return data;
}

class InputTest : public testing::Test {
 protected:
  InputTest() : folder_(fs::temp_directory_path() / ("sockscope-input-" + std::to_string(::getpid()))) {
    fs::create_directories(folder_);
  }
  ~InputTest() override { fs::remove_all(folder_); }
  InputTest(const InputTest&) = delete;
  InputTest(InputTest&&) = delete;
  InputTest& operator=(const InputTest&) = delete;
  InputTest& operator=(InputTest&&) = delete;

  fs::path write(const std::string& name, std::string_view bytes) const {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return folder_ / name;
  }

  fs::path folder_;
};

std::uint64_t samples_of(const fs::path& path) {
  const auto reader = Reader::open(path);
  EXPECT_TRUE(reader) << reader.error().message;
  return reader ? reader->counters().samples : 0;
}

/// Makes a descriptor standard input for as long as this lives.
class StandardInput {
 public:
  explicit StandardInput(int fd) : before_(::dup(STDIN_FILENO)) { ::dup2(fd, STDIN_FILENO); }
  StandardInput(const StandardInput&) = delete;
  StandardInput(StandardInput&&) = delete;
  StandardInput& operator=(const StandardInput&) = delete;
  StandardInput& operator=(StandardInput&&) = delete;
  ~StandardInput() { ::dup2(before_.get(), STDIN_FILENO); }

 private:
  UniqueFd before_;
};

TEST_F(InputTest, StandardInputIsAPipeOrAFile) {
  const std::string bytes = recording(100, 5000).pipe_form();
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  UniqueFd reading(ends[0]);
  UniqueFd writing(ends[1]);
  std::thread writer([&] {
    EXPECT_EQ(::write(writing.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    writing.reset();
  });
  {
    const StandardInput input(reading.get());
    EXPECT_EQ(samples_of("-"), 5000U);
  }
  writer.join();
  const UniqueFd file(::open(write("file", recording(100, 7).file_form()).c_str(), O_RDONLY));
  const StandardInput input(file.get());
  EXPECT_EQ(samples_of("-"), 7U);
}

TEST_F(InputTest, AFifoIsReadToItsEnd) {
  const fs::path fifo = folder_ / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  std::thread writer([&] { std::ofstream(fifo, std::ios::binary) << recording(100, 9).file_form(); });
  EXPECT_EQ(samples_of(fifo), 9U);
  writer.join();
}

TEST_F(InputTest, NothingComesThroughThePipe) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const UniqueFd reading(ends[0]);
  ::close(ends[1]);
  const StandardInput input(reading.get());
  const auto reader = Reader::open("-");
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().message, "standard input: is empty");
}

// perf record --threads: records of each thread in a file of its own, merged by time.
TEST_F(InputTest, ADirectoryIsOneRecording) {
  write("data", recording(100, 1).file_form());
  write("data.0", recording(200, 20).records());
  write("data.1", "");
  for (std::uint32_t file = 2; file <= 10; ++file) {
    write("data." + std::to_string(file), recording(200 + file, 20, file).records());
  }
  const auto reader = Reader::open(folder_);
  ASSERT_TRUE(reader) << reader.error().message;
  EXPECT_EQ(reader->counters().samples, 1U + 10 * 20);
  EXPECT_EQ(reader->counters().out_of_order, 0U);
  std::uint64_t latest = 0;
  auto stream = reader->records();
  while (const Record* record = stream.next()) {
    EXPECT_LE(latest, record->time_ns);
    latest = record->time_ns;
  }
}

TEST_F(InputTest, WithoutAPlaceForTemporaryFilesAPipeIsNotRead) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const UniqueFd reading(ends[0]);
  ::close(ends[1]);
  const StandardInput input(reading.get());
  ASSERT_EQ(::setenv("TMPDIR", "/nowhere", 1), 0);
  const auto reader = Reader::open("-");
  ::unsetenv("TMPDIR");
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().kind, ErrorKind::kEnvironment);
  EXPECT_EQ(
      reader.error().message,
      "/nowhere: cannot make a temporary file: No such file or directory; set TMPDIR to a directory on a disk with "
      "room");
}

}  // namespace
}  // namespace sockscope::perf_data
