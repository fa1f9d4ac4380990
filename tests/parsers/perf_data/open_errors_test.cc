#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "parsers/perf_data/reader.h"
#include "tests/parsers/perf_data/reading.h"
#include "tests/support/perf_data_builder.h"

namespace sockscope::perf_data {
namespace {

using test_support::PerfDataBuilder;
using test_support::record_bytes;
using test_support::TempFile;
using ::testing::AllOf;
using ::testing::HasSubstr;

std::string error_of(const std::filesystem::path& path) {
  const auto reader = Reader::open(path);
  if (reader) return "opened";
  EXPECT_EQ(reader.error().kind, ErrorKind::kInput);
  return reader.error().message;
}

// The error of opening these bytes; checks that it names the file.
std::string error_of_bytes(std::string_view bytes) {
  const TempFile file(bytes);
  const std::string message = error_of(file.path());
  if (message == "opened") return message;
  EXPECT_THAT(message, HasSubstr(file.path().string()));
  return message;
}

PerfDataBuilder one_sample() {
  PerfDataBuilder data;
  data.attr({.config = 372, .ids = {11}, .name = "sched:sched_switch"});
  data.sample({.id = 11, .time_ns = 5, .raw = "x"});
  return data;
}

// The bytes of a file with one of its header's numbers replaced.
std::string with_header_word(std::size_t offset, std::uint64_t value) {
  std::string bytes = one_sample().file_form();
  return bytes.replace(offset, 8, test_support::ByteWriter().u64(value).str());
}

constexpr std::size_t kAttrSizeAt = 16;
constexpr std::size_t kAttrsOffsetAt = 24;
constexpr std::size_t kAttrsSizeAt = 32;
constexpr std::size_t kDataOffsetAt = 40;

TEST(OpenErrors, TheControlOpens) {
  EXPECT_EQ(error_of_bytes(one_sample().file_form()), "opened");
  EXPECT_EQ(error_of_bytes(one_sample().pipe_form()), "opened");
}

TEST(OpenErrors, WhatIsNoFile) {
  const auto directory = std::filesystem::temp_directory_path();
  const auto missing = directory / "sockscope-no-such-file";
  EXPECT_THAT(error_of(missing), AllOf(HasSubstr(missing.string()), HasSubstr("No such file")));
  EXPECT_THAT(error_of(directory), HasSubstr("a directory without a recording in it"));
  EXPECT_THAT(error_of("/dev/null"), HasSubstr("a device"));
}

// Root may read everything: for as long as this lives, be nobody.
class WithoutPrivilege {
 public:
  WithoutPrivilege() : was_root_(::geteuid() == 0 && ::seteuid(65534) == 0) {}
  WithoutPrivilege(const WithoutPrivilege&) = delete;
  WithoutPrivilege& operator=(const WithoutPrivilege&) = delete;
  WithoutPrivilege(WithoutPrivilege&&) = delete;
  WithoutPrivilege& operator=(WithoutPrivilege&&) = delete;
  ~WithoutPrivilege() {
    if (!was_root_) return;
    EXPECT_EQ(::seteuid(0), 0);
  }

 private:
  bool was_root_;
};

TEST(OpenErrors, WhatMayNotBeRead) {
  const TempFile file(one_sample().file_form());
  ASSERT_EQ(error_of(file.path()), "opened");
  std::filesystem::permissions(file.path(), std::filesystem::perms::none);
  const WithoutPrivilege nobody;
  EXPECT_THAT(error_of(file.path()), AllOf(HasSubstr(file.path().string()), HasSubstr("Permission denied")));
}

TEST(OpenErrors, WhatIsNoRecording) {
  EXPECT_THAT(error_of_bytes(""), HasSubstr("is empty"));
  EXPECT_THAT(error_of_bytes("PERF"), HasSubstr("not a perf.data file"));
  EXPECT_THAT(error_of_bytes("#!/bin/sh\necho hello\n"), HasSubstr("not a perf.data file"));
  EXPECT_THAT(error_of_bytes("2ELIFREP"), HasSubstr("cut short after its magic"));
}

TEST(OpenErrors, AttrsThatMakeNoSense) {
  const std::string good = one_sample().file_form();
  const std::uint64_t size = good.size();
  EXPECT_THAT(error_of_bytes(with_header_word(kAttrSizeAt, 0)), HasSubstr("attrs of 0 bytes"));
  EXPECT_THAT(error_of_bytes(with_header_word(kAttrSizeAt, 79)), HasSubstr("attrs of 79 bytes"));
  EXPECT_THAT(error_of_bytes(with_header_word(kAttrSizeAt, ~0ULL)), HasSubstr("attrs of"));
  EXPECT_THAT(error_of_bytes(with_header_word(kAttrsOffsetAt, size)), HasSubstr("lie outside the file"));
  EXPECT_THAT(error_of_bytes(with_header_word(kAttrsSizeAt, ~0ULL)), HasSubstr("lie outside the file"));
  EXPECT_THAT(error_of_bytes(with_header_word(kAttrsSizeAt, 0)), HasSubstr("without a single event"));
  EXPECT_THAT(error_of_bytes(with_header_word(kDataOffsetAt, size + 1)), HasSubstr("records"));
}

TEST(OpenErrors, IdsThatLieOutsideOrOverlapToExhaustMemory) {
  constexpr std::size_t ids_of_first_attr = 104 + 8 + 128;
  const auto with_ids = [](std::uint64_t offset, std::uint64_t size) {
    std::string bytes = one_sample().file_form();
    return bytes.replace(ids_of_first_attr, 16, test_support::ByteWriter().u64(offset).u64(size).str());
  };
  EXPECT_EQ(error_of_bytes(with_ids(104, 8)), "opened");
  EXPECT_THAT(error_of_bytes(with_ids(1 << 20, 8)), HasSubstr("ids of an attr"));
  EXPECT_THAT(error_of_bytes(with_ids(104, ~0ULL)), HasSubstr("ids of an attr"));

  PerfDataBuilder many;
  for (int i = 0; i < 100; ++i) many.attr({.ids = {}});
  std::string bytes = many.file_form();
  const auto claim_whole_file = [&bytes](std::size_t attr) {
    const std::size_t at = 104 + attr * 144 + 128;
    bytes.replace(at, 16, test_support::ByteWriter().u64(0).u64(bytes.size()).str());
  };
  claim_whole_file(0);
  ASSERT_EQ(error_of_bytes(bytes), "opened");
  claim_whole_file(1);
  EXPECT_THAT(error_of_bytes(bytes), HasSubstr("ids of an attr"));
}

TEST(MissingTracingData, SaysWhyAndWhatToDo) {
  const auto why = [](std::string_view bytes) {
    const TempFile file(bytes);
    const auto reader = Reader::open(file.path());
    const auto data = reader->require_tracing_data();
    if (data) return std::string("there");
    EXPECT_EQ(data.error().kind, ErrorKind::kInput);
    EXPECT_THAT(data.error().message, HasSubstr(file.path().string()));
    return data.error().message;
  };
  const std::string good = one_sample().file_form();
  EXPECT_THAT(why(good), HasSubstr("its recorder left them out"));
  PerfDataBuilder clock;
  clock.attr({.type = 1, .ids = {11}, .name = "cpu-clock"}).sample({.id = 11, .time_ns = 5});
  EXPECT_THAT(why(clock.file_form()), HasSubstr("recorded without tracepoint events"));
  EXPECT_THAT(why(one_sample().file_form({.killed = true})),
              AllOf(HasSubstr("killed perf"), HasSubstr("record in pipe mode")));
  EXPECT_THAT(why(one_sample().file_form({.add_to_data_size = 1 << 20})), HasSubstr("bytes of records are there"));
}

}  // namespace
}  // namespace sockscope::perf_data
