#include "report/events/event_writer.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/report/events/event_lines.h"

namespace sockscope {
namespace {

using test_support::ByteWriter;
using tracepoint::payload_of;

constexpr std::string_view kIntegers =
    "\tfield:u8 a;\toffset:8;\tsize:1;\tsigned:0;\n"
    "\tfield:s8 b;\toffset:9;\tsize:1;\tsigned:1;\n"
    "\tfield:unsigned short c;\toffset:10;\tsize:2;\tsigned:0;\n"
    "\tfield:short d;\toffset:12;\tsize:2;\tsigned:1;\n"
    "\tfield:unsigned int e;\toffset:16;\tsize:4;\tsigned:0;\n"
    "\tfield:int f;\toffset:20;\tsize:4;\tsigned:1;\n"
    "\tfield:unsigned long g;\toffset:24;\tsize:8;\tsigned:0;\n"
    "\tfield:long h;\toffset:32;\tsize:8;\tsigned:1;\n"
    "\tfield:void * p;\toffset:40;\tsize:8;\tsigned:0;\n";

std::string integers(std::uint64_t bits, perf_data::ByteOrder order = perf_data::ByteOrder::kNative) {
  const auto b8 = static_cast<std::uint8_t>(bits);
  const auto b16 = static_cast<std::uint16_t>(bits);
  const auto b32 = static_cast<std::uint32_t>(bits);
  return payload_of(kTestId, order)
      .u8(b8)
      .u8(b8)
      .u16(b16)
      .u16(b16)
      .u16(0)
      .u32(b32)
      .u32(b32)
      .u64(bits)
      .u64(bits)
      .u64(bits)
      .str();
}

TEST(EventWriter, WritesIntegersOfEverySizeAndSign) {
  const TestEvent event(kIntegers);
  EXPECT_EQ(text_fields(event, integers(0)), " a=0 b=0 c=0 d=0 e=0 f=0 g=0 h=0 p=0x0");
  EXPECT_EQ(text_fields(event, integers(~0ULL)),
            " a=255 b=-1 c=65535 d=-1 e=4294967295 f=-1 g=18446744073709551615 h=-1 p=0xffffffffffffffff");
  EXPECT_EQ(text_fields(event, integers(0x8000'0000'8000'8080ULL)),
            " a=128 b=-128 c=32896 d=-32640 e=2147516544 f=-2147450752 g=9223372039002292352 h=-9223372034707259264 "
            "p=0x8000000080008080");
  EXPECT_EQ(json_fields(event, integers(~0ULL)),
            (JsonFields{R"({"a":255,"b":-1,"c":65535,"d":-1,"e":4294967295,"f":-1,"g":18446744073709551615,"h":-1,)"
                        R"("p":18446744073709551615})",
                        "}"}));
  EXPECT_EQ(json_fields(event, integers(100)).fields,
            R"({"a":100,"b":100,"c":100,"d":100,"e":100,"f":100,"g":100,"h":100,"p":100})");
}

TEST(EventWriter, ReadsTheOtherByteOrder) {
  using perf_data::ByteOrder;
  const TestEvent event(kIntegers, R"("")", ByteOrder::kSwapped);
  EXPECT_EQ(text_fields(event, integers(0x1234'5678'9abc'def0ULL, ByteOrder::kSwapped)),
            " a=240 b=-16 c=57072 d=-8464 e=2596069104 f=-1698898192 g=1311768467463790320 h=1311768467463790320 "
            "p=0x123456789abcdef0");
}

TEST(EventWriter, WritesWhatThePayloadLacksAsNull) {
  const TestEvent event(kIntegers);
  const std::string whole = integers(1);
  EXPECT_EQ(text_fields(event, whole.substr(0, 34)), " a=1 b=1 c=1 d=1 e=1 f=1 g=1 h=null p=null");
  EXPECT_EQ(json_fields(event, whole.substr(0, 8)).fields,
            R"({"a":null,"b":null,"c":null,"d":null,"e":null,"f":null,"g":null,"h":null,"p":null})");
}

TEST(EventWriter, WritesArraysByTheirElements) {
  const TestEvent event(
      "\tfield:__u8 saddr[4];\toffset:8;\tsize:4;\tsigned:0;\n"
      "\tfield:unsigned long args[2];\toffset:16;\tsize:16;\tsigned:0;\n"
      "\tfield:int level[2];\toffset:32;\tsize:8;\tsigned:1;\n");
  const std::string payload =
      payload_of(kTestId).u8(127).u8(0).u8(0).u8(1).u32(0).u64(~0ULL).u64(7).u32(~0U).u32(5).str();
  EXPECT_EQ(text_fields(event, payload), " saddr=[127,0,0,1] args=[18446744073709551615,7] level=[-1,5]");
  EXPECT_EQ(json_fields(event, payload).fields,
            R"({"saddr":[127,0,0,1],"args":[18446744073709551615,7],"level":[-1,5]})");
  EXPECT_EQ(text_fields(event, std::string_view(payload).substr(0, 39)),
            " saddr=[127,0,0,1] args=[18446744073709551615,7] level=null");
}

constexpr std::string_view kDynamic =
    "\tfield:__data_loc char[] name;\toffset:8;\tsize:4;\tsigned:0;\n"
    "\tfield:__data_loc u32[] ids;\toffset:12;\tsize:4;\tsigned:0;\n"
    "\tfield:__data_loc cpumask_t cpus;\toffset:16;\tsize:4;\tsigned:0;\n"
    "\tfield:__rel_loc char[] tail;\toffset:20;\tsize:4;\tsigned:0;\n";

TEST(EventWriter, FollowsDataLocAndRelLoc) {
  const std::string payload = payload_of(kTestId)
                                  .u32(4 << 16 | 24)
                                  .u32(8 << 16 | 28)
                                  .u32(8 << 16 | 36)
                                  .u32(3 << 16 | 20)
                                  .c_string("abc")
                                  .u32(1)
                                  .u32(2)
                                  .u64(3)
                                  .c_string("xy")
                                  .str();
  EXPECT_EQ(text_fields(TestEvent(kDynamic), payload), " name=abc ids=[1,2] cpus=[3] tail=xy");
  EXPECT_EQ(json_fields(TestEvent(kDynamic), payload).fields, R"({"name":"abc","ids":[1,2],"cpus":[3],"tail":"xy"})");
}

TEST(EventWriter, WritesWhatPointsBeyondThePayloadAsNull) {
  const std::string payload =
      payload_of(kTestId).u32(1 << 16 | 24).u32(4 << 16 | 0xffff).u32(8 << 16 | 20).u32(1 << 16 | 0).str();
  EXPECT_EQ(text_fields(TestEvent(kDynamic), payload), " name=null ids=null cpus=null tail=null");
}

TEST(EventWriter, WritesAnEmptyDynamicArrayAndOneThatIsNoMultipleOfItsElement) {
  const std::string payload = payload_of(kTestId)
                                  .u32(0 << 16 | 24)
                                  .u32(0 << 16 | 24)
                                  .u32(3 << 16 | 24)
                                  .u32(0 << 16 | 0)
                                  .text("\x01\x02\xff")
                                  .str();
  EXPECT_EQ(text_fields(TestEvent(kDynamic), payload), " name= ids=[] cpus=0x0102ff tail=");
  EXPECT_EQ(json_fields(TestEvent(kDynamic), payload).fields, R"({"name":"","ids":[],"cpus":"0x0102ff","tail":""})");
}

// Else a recording of 64 KiB could make lines of any length.
TEST(EventWriter, WritesNoMoreTextsAndArraysThanThePayloadHolds) {
  const std::string payload =
      payload_of(kTestId).u32(24 << 16 | 0).u32(4 << 16 | 0).u32(4 << 16 | 0).u32(0 << 16 | 0).str();
  EXPECT_EQ(text_fields(TestEvent(kDynamic), payload), " name=d ids=null cpus=null tail=");
}

TEST(EventWriter, WritesWhatIsNoNumberAsItsBytes) {
  const TestEvent event(
      "\tfield:struct in_addr addr;\toffset:8;\tsize:4;\tsigned:0;\n"
      "\tfield:guid_t id;\toffset:12;\tsize:3;\tsigned:0;\n");
  const std::string payload = payload_of(kTestId).text("\x7f").zeros(2).text("\x01\xab\xcd\xef").str();
  EXPECT_EQ(text_fields(event, payload), " addr=0x7f000001 id=0xabcdef");
  EXPECT_EQ(json_fields(event, payload).fields, R"({"addr":"0x7f000001","id":"0xabcdef"})");
}

constexpr std::string_view kComm = "\tfield:char comm[16];\toffset:8;\tsize:16;\tsigned:0;\n";

std::string with_comm(std::string_view comm) { return payload_of(kTestId).text(comm).pad_to(24).str(); }

TEST(EventWriter, QuotesTextsThatNeedIt) {
  const TestEvent event(kComm);
  EXPECT_EQ(text_fields(event, with_comm("swapper/0")), " comm=swapper/0");
  EXPECT_EQ(text_fields(event, with_comm("sixteen-letters!")), " comm=sixteen-letters!");
  EXPECT_EQ(text_fields(event, with_comm("a b")), R"( comm="a b")");
  EXPECT_EQ(text_fields(event, with_comm("a=\"\\")), R"( comm="a=\"\\")");
  EXPECT_EQ(text_fields(event, with_comm("\x1b[2J\n")), R"( comm="\x1b[2J\x0a")");
  EXPECT_EQ(text_fields(event, with_comm("gr\xc3\xbc\xc3\x9f")), " comm=gr\xc3\xbc\xc3\x9f");
  EXPECT_EQ(text_fields(event, with_comm("\xff")), R"( comm="\xff")");
  EXPECT_EQ(json_fields(event, with_comm("\x1b\"\\\xff\xc3\xbc")).fields,
            "{\"comm\":\"\\u001b\\\"\\\\\\u00ff\xc3\xbc\"}");
}

constexpr std::string_view kNamed =
    "\tfield:int reason;\toffset:8;\tsize:4;\tsigned:1;\n"
    "\tfield:unsigned int flags;\toffset:12;\tsize:4;\tsigned:0;\n";
constexpr std::string_view kNames = R"("%s %s", __print_symbolic(REC->reason, { 6, "SOCKET_RCVBUFF" }), )"
                                    R"(__print_flags(REC->flags, "|", { 1, "A" }, { 2, "B" }))";

TEST(EventWriter, NamesValues) {
  const TestEvent event(kNamed, kNames);
  const auto payload = [](std::uint32_t reason, std::uint32_t flags) {
    return payload_of(kTestId).u32(reason).u32(flags).str();
  };
  EXPECT_EQ(text_fields(event, payload(6, 3)), " reason=6(SOCKET_RCVBUFF) flags=3(A|B)");
  EXPECT_EQ(text_fields(event, payload(5, 0)), " reason=5 flags=0");
  EXPECT_EQ(json_fields(event, payload(6, 3)),
            (JsonFields{R"({"reason":6,"flags":3})", R"(,"names":{"reason":"SOCKET_RCVBUFF","flags":"A|B"}})"}));
  EXPECT_EQ(json_fields(event, payload(5, 2)), (JsonFields{R"({"reason":5,"flags":2})", R"(,"names":{"flags":"B"}})"}));
  EXPECT_EQ(json_fields(event, payload(5, 0)), (JsonFields{R"({"reason":5,"flags":0})", "}"}));
}

TEST(EventWriter, EscapesNamesAndNeverTrustsThem) {
  const TestEvent event("\tfield:int r;\toffset:8;\tsize:4;\tsigned:1;\n",
                        "__print_symbolic(REC->r, { 0, \"\x1b[2J\xff\" })");
  EXPECT_EQ(text_fields(event, payload_of(kTestId).u32(0).str()), R"( r=0(\x1b[2J\xff))");
  EXPECT_EQ(json_fields(event, payload_of(kTestId).u32(0).str()).rest, R"(,"names":{"r":"\u001b[2J\u00ff"}})");
}

TEST(EventWriter, SaysWhenAPayloadIsNotOfItsFormat) {
  const TestEvent event(kComm);
  const std::string other = payload_of(kTestId + 1).zeros(16).str();
  EXPECT_EQ(text_fields(event, other), "");
  EXPECT_EQ(text_fields(event, ""), "");
  EXPECT_EQ(line_of(event, other, EventStyle::kJson),
            R"({"time_ns":1000000002,"cpu":3,"pid":10,"tid":11,"comm":"comm","event":"test:event","fields":null,)"
            R"("common":null})");
  EXPECT_EQ(line_of(event, other, EventStyle::kCsv), "1000000002,3,10,11,comm,test:event,");

  const std::vector<perf_data::Attr> attrs{tracepoint_attr(kTestId, "test:event")};
  const EventPlans plans(attrs, &*event.catalog, EventStyle::kText);
  EventWriter writer(EventStyle::kText);
  TextBuffer out;
  PrintableEvent printed = event_with(other);
  printed.plan = &plans.plans().front();
  writer.write(printed, out);
  EXPECT_EQ(writer.undecoded(), 1U);
  const std::string good = with_comm("x");
  printed.payload = test_support::bytes_of(good);
  writer.write(printed, out);
  EXPECT_EQ(writer.undecoded(), 1U);
}

TEST(EventWriter, WritesCsv) {
  const TestEvent event(kComm);
  EXPECT_EQ(EventWriter::header(EventStyle::kCsv), "time_ns,cpu,pid,tid,comm,event,fields\n");
  EXPECT_EQ(EventWriter::header(EventStyle::kText), "");
  EXPECT_EQ(EventWriter::header(EventStyle::kJson), "");
  EXPECT_EQ(line_of(event, with_comm("a"), EventStyle::kCsv), "1000000002,3,10,11,comm,test:event,comm=a");
  EXPECT_EQ(line_of(event, with_comm("a,b"), EventStyle::kCsv), R"(1000000002,3,10,11,comm,test:event,"comm=a,b")");
  EXPECT_EQ(line_of(event, with_comm("a b"), EventStyle::kCsv), R"(1000000002,3,10,11,comm,test:event,"comm=""a b""")");
}

// Who and when, by an event that has no fields: the rest of the line is the same for all.
std::string clock_line(const PrintableEvent& event, EventStyle style) {
  perf_data::Attr attr;
  attr.type = 1;
  attr.name = "cpu-clock";
  return line_of(EventPlans({attr}, nullptr, style), event);
}

TEST(EventWriter, WritesOtherSamplesWithoutFields) {
  EXPECT_EQ(clock_line(event_with(""), EventStyle::kText),
            "            comm    10/11    [003]     1.000000002: cpu-clock:");
  EXPECT_EQ(
      clock_line(event_with(""), EventStyle::kJson),
      R"({"time_ns":1000000002,"cpu":3,"pid":10,"tid":11,"comm":"comm","event":"cpu-clock","fields":{},"common":{}})");
  EXPECT_EQ(clock_line(event_with(""), EventStyle::kCsv), "1000000002,3,10,11,comm,cpu-clock,");
}

TEST(EventWriter, WritesUnknownThreadsAndCpusAsPerfDoes) {
  const PrintableEvent nobody{.time_ns = 0, .payload = {}, .comm = {}};
  EXPECT_EQ(clock_line(nobody, EventStyle::kText), "             :-1    -1/-1    [-01]     0.000000000: cpu-clock:");
  EXPECT_EQ(
      clock_line(nobody, EventStyle::kJson),
      R"({"time_ns":0,"cpu":null,"pid":null,"tid":null,"comm":":-1","event":"cpu-clock","fields":{},"common":{}})");
  EXPECT_EQ(clock_line(nobody, EventStyle::kCsv), "0,,,,:-1,cpu-clock,");
  const PrintableEvent nameless{
      .time_ns = 123'456'000'000'789, .payload = {}, .comm = {}, .cpu = 1234, .pid = 4194303, .tid = 4194304};
  EXPECT_EQ(clock_line(nameless, EventStyle::kText),
            "        :4194304 4194303/4194304 [1234] 123456.000000789: cpu-clock:");
}

TEST(EventWriter, EscapesTheCommInEveryStyle) {
  PrintableEvent event = event_with("");
  event.comm = "a\x1b\"b,\x7f\xc2\x9b";
  EXPECT_EQ(clock_line(event, EventStyle::kText),
            "        a\\x1b\"b,\\x7f\\xc2\\x9b    10/11    [003]     1.000000002: cpu-clock:");
  EXPECT_EQ(clock_line(event, EventStyle::kJson),
            R"({"time_ns":1000000002,"cpu":3,"pid":10,"tid":11,"comm":"a\u001b\"b,\u007f\u00c2\u009b",)"
            R"("event":"cpu-clock","fields":{},"common":{}})");
  EXPECT_EQ(clock_line(event, EventStyle::kCsv), R"(1000000002,3,10,11,"a\x1b""b,\x7f\xc2\x9b",cpu-clock,)");
  event.comm = "";
  EXPECT_EQ(clock_line(event, EventStyle::kText), "                    10/11    [003]     1.000000002: cpu-clock:");
}

TEST(EventWriter, WritesLongTextsWhole) {
  const TestEvent event(kDynamic);
  const std::string text(60'000, '\x01');
  const std::string payload = payload_of(kTestId).u32(60'000 << 16 | 24).u32(24).u32(24).u32(0).text(text).str();
  std::string json;
  for (int letter = 0; letter < 60'000; ++letter) json += "\\u0001";
  EXPECT_EQ(json_fields(event, payload).fields, R"({"name":")" + json + R"(","ids":[],"cpus":[],"tail":""})");
}

}  // namespace
}  // namespace sockscope
