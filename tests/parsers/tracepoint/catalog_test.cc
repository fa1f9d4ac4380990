#include "parsers/tracepoint/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "tests/parsers/tracepoint/format_samples.h"

namespace sockscope::tracepoint {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::string_view kField = "\tfield:int x;\toffset:8;\tsize:4;\tsigned:1;\n";

Catalog catalog_of(const std::vector<perf_data::FormatSource>& sources) {
  auto catalog = Catalog::from_format_texts(sources);
  EXPECT_TRUE(catalog);
  return std::move(*catalog);
}

void expect_field(const Format& format, const Field& wanted) {
  const Field* const field = format.find_field(wanted.name);
  ASSERT_NE(field, nullptr) << wanted.name;
  EXPECT_EQ(field->type, wanted.type) << wanted.name;
  EXPECT_EQ(field->offset, wanted.offset) << wanted.name;
  EXPECT_EQ(field->size, wanted.size) << wanted.name;
  EXPECT_EQ(field->element_size, wanted.element_size) << wanted.name;
  EXPECT_EQ(field->is_signed, wanted.is_signed) << wanted.name;
  EXPECT_EQ(field->is_array, wanted.is_array) << wanted.name;
  EXPECT_EQ(field->is_string, wanted.is_string) << wanted.name;
  EXPECT_EQ(field->is_pointer, wanted.is_pointer) << wanted.name;
  EXPECT_EQ(field->locator, wanted.locator) << wanted.name;
}

TEST(Catalog, FindsByIdAndByName) {
  const std::string first = sched_switch_6_18();
  const std::string second = format_text("netif_rx", 2302, kField);
  const Catalog catalog = catalog_of({{"sched", first}, {"net", second}});
  ASSERT_NE(catalog.find(2302), nullptr);
  EXPECT_EQ(catalog.find(2302)->full_name(), "net:netif_rx");
  EXPECT_EQ(catalog.find("sched", "sched_switch"), catalog.find(372));
  EXPECT_EQ(catalog.find(373), nullptr);
  EXPECT_EQ(catalog.find(65535), nullptr);
  EXPECT_EQ(catalog.find("net", "sched_switch"), nullptr);
  EXPECT_THAT(catalog.rejected(), IsEmpty());
}

TEST(Catalog, CopiesFieldsAsTheFormatDescribesThem) {
  const std::string text = sched_switch_6_18();
  const Catalog catalog = catalog_of({{"sched", text}});
  const Format* const format = catalog.find(372);
  ASSERT_NE(format, nullptr);
  EXPECT_EQ(format->fields.size(), 11U);
  expect_field(*format, {.name = "common_type", .type = "unsigned short", .offset = 0, .size = 2, .element_size = 2});
  expect_field(*format, {.name = "prev_comm",
                         .type = "char[16]",
                         .offset = 8,
                         .size = 16,
                         .element_size = 1,
                         .is_array = true,
                         .is_string = true});
  expect_field(*format,
               {.name = "prev_pid", .type = "pid_t", .offset = 24, .size = 4, .element_size = 4, .is_signed = true});
  expect_field(*format,
               {.name = "prev_state", .type = "long", .offset = 32, .size = 8, .element_size = 8, .is_signed = true});
  EXPECT_EQ(format->find_field("prev"), nullptr);
}

TEST(Catalog, KnowsArraysPointersAndDynamicFields) {
  const std::string text = format_text("event", 1,
                                       "\tfield:unsigned long args[6];\toffset:8;\tsize:48;\tsigned:0;\n"
                                       "\tfield:const void * skbaddr;\toffset:56;\tsize:8;\tsigned:0;\n"
                                       "\tfield:__data_loc char[] name;\toffset:64;\tsize:4;\tsigned:0;\n"
                                       "\tfield:__rel_loc char[] other;\toffset:68;\tsize:4;\tsigned:0;\n"
                                       "\tfield:__u8 saddr[28];\toffset:72;\tsize:28;\tsigned:0;\n"
                                       "\tfield:char comm[TASK_COMM_LEN];\toffset:100;\tsize:16;\tsigned:0;\n");
  const OneFormat event(text);
  const Format& format = event.format;
  expect_field(
      format,
      {.name = "args", .type = "unsigned long[6]", .offset = 8, .size = 48, .element_size = 8, .is_array = true});
  expect_field(
      format,
      {.name = "skbaddr", .type = "const void *", .offset = 56, .size = 8, .element_size = 8, .is_pointer = true});
  expect_field(format, {.name = "name",
                        .type = "__data_loc char[]",
                        .offset = 64,
                        .size = 4,
                        .element_size = 1,
                        .is_array = true,
                        .is_string = true,
                        .locator = Locator::kDataLoc});
  expect_field(format, {.name = "other",
                        .type = "__rel_loc char[]",
                        .offset = 68,
                        .size = 4,
                        .element_size = 1,
                        .is_array = true,
                        .is_string = true,
                        .locator = Locator::kRelLoc});
  expect_field(format,
               {.name = "saddr", .type = "__u8[28]", .offset = 72, .size = 28, .element_size = 1, .is_array = true});
  expect_field(format, {.name = "comm",
                        .type = "char[TASK_COMM_LEN]",
                        .offset = 100,
                        .size = 16,
                        .element_size = 1,
                        .is_array = true,
                        .is_string = true});
}

TEST(Catalog, TakesAFifthCommonField) {
  std::string text = format_text("event", 1, "\tfield:int x;\toffset:12;\tsize:4;\tsigned:1;\n");
  const std::string extra = "\tfield:unsigned char common_preempt_lazy_count;\toffset:8;\tsize:1;\tsigned:0;\n";
  text.insert(text.find("\n\n") + 1, extra);
  const OneFormat event(text);
  expect_field(
      event.format,
      {.name = "common_preempt_lazy_count", .type = "unsigned char", .offset = 8, .size = 1, .element_size = 1});
  expect_field(event.format,
               {.name = "x", .type = "int", .offset = 12, .size = 4, .element_size = 4, .is_signed = true});
}

TEST(Catalog, KeepsThePrintFmtForItsLists) {
  const std::string text = format_text("event", 1, kField, R"("%s", __print_symbolic(REC->x, { 1, "ONE" }))");
  EXPECT_EQ(OneFormat(text).format.print_fmt, R"("%s", __print_symbolic(REC->x, { 1, "ONE" }))");
}

TEST(Catalog, SurvivesPrintFmtsThatCrashTheLibrary) {
  // The first of these is a null pointer in libtraceevent 1.7.1, the second a division by zero.
  const std::string null_pointer =
      format_text("first", 1, kField, R"("%s", __print_flags(REC->nosuch, "|", { 1, "A" }))");
  const std::string division = format_text("second", 2, kField, R"("%d", 1 / 0)");
  const Catalog catalog = catalog_of({{"test", null_pointer}, {"test", division}});
  EXPECT_NE(catalog.find(1), nullptr);
  EXPECT_NE(catalog.find(2), nullptr);
}

TEST(Catalog, ListsWhatItRejectsByNameAndReadsTheRest) {
  const std::string good = format_text("good", 1, kField);
  const std::string bad = format_text("bad", 2, "\tfield:int x[[4];\toffset:8;\tsize:4;\tsigned:1;\n");
  const Catalog catalog = catalog_of({{"test", bad}, {"test", good}, {"test", "\xff\xfe"}, {"../etc", good}});
  EXPECT_NE(catalog.find(1), nullptr);
  EXPECT_EQ(catalog.find(2), nullptr);
  ASSERT_EQ(catalog.rejected().size(), 3U);
  EXPECT_EQ(catalog.rejected()[0].name, "test:bad");
  EXPECT_THAT(catalog.rejected()[0].reason, HasSubstr("field line 5"));
  EXPECT_EQ(catalog.rejected()[1].name, "test:?");
  EXPECT_EQ(catalog.rejected()[2].name, "?:good");
}

TEST(Catalog, OfTwoFormatsWithOneIdTheFirstCounts) {
  const std::string first = format_text("first", 1, kField);
  const std::string second = format_text("second", 1, kField);
  const Catalog catalog = catalog_of({{"test", first}, {"test", second}});
  EXPECT_EQ(catalog.find(1)->name, "first");
  ASSERT_EQ(catalog.rejected().size(), 1U);
  EXPECT_THAT(catalog.rejected()[0].reason, HasSubstr("id 1"));
}

TEST(Catalog, RefusesTheDataOfNoKernel) {
  const std::string text = format_text("event", 1, kField);
  perf_data::TracingData data{.long_size = 8, .formats = {{"test", text}}};
  ASSERT_TRUE(Catalog::from(data));
  data.long_size = 0;
  const auto catalog = Catalog::from(data);
  ASSERT_FALSE(catalog);
  EXPECT_EQ(catalog.error().kind, ErrorKind::kInput);
}

TEST(Catalog, TakesEveryFormatOfThisMachine) {
  const std::filesystem::path events = "/sys/kernel/tracing/events";
  std::error_code error;
  std::vector<std::pair<std::string, std::string>> texts;  // system, format
  for (const auto& entry : std::filesystem::recursive_directory_iterator(events, error)) {
    if (entry.path().filename() != "format") continue;
    std::ifstream file(entry.path());
    const std::string text(std::istreambuf_iterator<char>(file), {});
    texts.emplace_back(entry.path().parent_path().parent_path().filename(), text);
  }
  if (texts.empty()) GTEST_SKIP() << events << " cannot be read: " << error.message();
  std::vector<perf_data::FormatSource> sources;
  sources.reserve(texts.size());
  for (const auto& [system, text] : texts) sources.push_back({system, text});
  const Catalog catalog = catalog_of(sources);
  for (const RejectedFormat& format : catalog.rejected()) ADD_FAILURE() << format.name << ": " << format.reason;
  EXPECT_EQ(catalog.formats().size(), texts.size());
}

TEST(Catalog, NoMutationOfAFormatCrashesTheLibrary) {
  constexpr int rounds = 20000;
  constexpr std::string_view alphabet = "[](){};:,\t\n\"REC->_x0189+-*/%&|<>? \\";
  const std::string whole = sched_switch_6_18();
  std::mt19937 random(42);
  std::size_t accepted = 0;
  for (int round = 0; round < rounds; ++round) {
    std::string text = whole;
    for (std::uint32_t change = 0; change < 1 + random() % 6; ++change) {
      const std::size_t at = random() % text.size();
      const char letter = alphabet[random() % alphabet.size()];
      switch (random() % 3) {
        case 0:
          text[at] = letter;
          break;
        case 1:
          text.insert(at, 1, letter);
          break;
        default:
          text.erase(at, 1 + random() % 8);
      }
    }
    accepted += OneFormat(text, "sched").format.fields.empty() ? 0 : 1;
  }
  EXPECT_GT(accepted, 1000U) << "most changes hit the print fmt, which may be anything: some must get as far as there";
}

}  // namespace
}  // namespace sockscope::tracepoint
