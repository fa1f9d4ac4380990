#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/perf_data/abi.h"
#include "parsers/perf_data/reader.h"
#include "tests/support/temp_file.h"

// Opens bytes as a recording.
namespace sockscope::perf_data {

/// For INSTANTIATE_TEST_SUITE_P: "File" or "Pipe".
[[nodiscard]] inline std::string form_name(const testing::TestParamInfo<Form>& test) {
  return test.param == Form::kFile ? "File" : "Pipe";
}

/// A Reader over bytes, and the file that it maps.
struct Opened {
  std::unique_ptr<test_support::TempFile> file;
  Result<Reader> reader;

  Reader* operator->() { return &*reader; }
};

[[nodiscard]] inline Opened open_bytes(std::string_view bytes) {
  auto file = std::make_unique<test_support::TempFile>(bytes);
  auto reader = Reader::open(file->path());
  return {std::move(file), std::move(reader)};
}

/// All records, in the order of the stream; their views stay valid with the Reader.
[[nodiscard]] inline std::vector<Record> all_records(const Reader& reader) {
  std::vector<Record> records;
  auto stream = reader.records();
  while (const Record* record = stream.next()) records.push_back(*record);
  return records;
}

/// The payloads of the samples, without the NULs that pad them.
[[nodiscard]] inline std::vector<std::string> payloads(const Reader& reader) {
  std::vector<std::string> texts;
  for (const Record& record : all_records(reader)) {
    if (record.type == record_type::kSample) texts.emplace_back(until_nul(as_text(record.payload)));
  }
  return texts;
}

}  // namespace sockscope::perf_data
