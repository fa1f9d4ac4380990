#include "parsers/perf_data/session.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "tests/support/perf_records.h"

namespace sockscope::perf_data {
namespace {

using test_support::AttrSpec;
using test_support::bytes_of;
using test_support::kernel_record_bytes;
using test_support::sample_bytes;
using Outcome = Session::Outcome;

const AttrSpec kSwitches{.config = 372, .ids = {11}};
const AttrSpec kPackets{.sample_type = test_support::kTracepointSampleType | sample_bit::kAddr, .ids = {12}};

Session session_of(const std::vector<AttrSpec>& specs) {
  std::vector<Attr> attrs;
  for (const AttrSpec& spec : specs) {
    auto attr = parse_attr(bytes_of(attr_bytes(spec)), ByteOrder::kNative);
    EXPECT_TRUE(attr);
    attrs.push_back(*attr);
    attrs.back().ids = spec.ids;
  }
  return Session(attrs, ByteOrder::kNative);
}

// Decodes a record whose body is cut to `size` bytes and copied to where nothing readable surrounds it.
Outcome decode_cut(const Session& session, std::string_view record, std::size_t size) {
  const Bytes whole = bytes_of(record);
  const std::vector<std::byte> body(whole.begin() + kRecordHeaderSize,
                                    whole.begin() + static_cast<std::ptrdiff_t>(kRecordHeaderSize + size));
  RawRecord raw;
  raw.type = load<std::uint32_t>(whole.data());
  raw.body = body;
  Record out;
  return session.decode(raw, out);
}

TEST(Session, ReadsEachAttrInItsOwnLayout) {
  const Session session = session_of({kSwitches, kPackets});
  for (const AttrSpec& spec : {kSwitches, kPackets}) {
    const std::string bytes = sample_bytes(spec, {.id = spec.ids[0], .time_ns = 7, .raw = "payload"});
    RawRecord raw;
    raw.type = record_type::kSample;
    raw.body = bytes_of(bytes).subspan(kRecordHeaderSize);
    Record out;
    ASSERT_EQ(session.decode(raw, out), Outcome::kOk);
    EXPECT_EQ(out.attr, spec.ids[0] - 11);
    EXPECT_EQ(until_nul(as_text(out.payload)), "payload");
  }
}

TEST(Session, NoCutBodyIsReadBeyondItsEnd) {
  for (const auto& specs : {std::vector{kSwitches}, {kSwitches, kSwitches}, {kSwitches, kPackets}}) {
    const Session session = session_of(specs);
    const std::string sample = sample_bytes(kSwitches, {.id = 11, .time_ns = 7, .raw = "payload"});
    const std::size_t sample_size = sample.size() - kRecordHeaderSize;
    ASSERT_EQ(decode_cut(session, sample, sample_size), Outcome::kOk);
    for (std::size_t size = 0; size < sample_size; ++size) {
      EXPECT_EQ(decode_cut(session, sample, size), Outcome::kMalformed) << size;
    }
    const std::string comm = kernel_record_bytes(record_type::kComm, "", kSwitches, {.id = 11, .time_ns = 7});
    const std::size_t comm_size = comm.size() - kRecordHeaderSize;
    ASSERT_EQ(decode_cut(session, comm, comm_size), Outcome::kOk);
    for (std::size_t size = 0; size < comm_size; ++size) {
      EXPECT_EQ(decode_cut(session, comm, size), Outcome::kMalformed) << size;
    }
  }
}

TEST(Session, WithoutAttrsOnlyPerfsOwnRecordsCanBeRead) {
  const Session session;
  const std::string round = test_support::record_bytes(record_type::kFinishedRound, "");
  EXPECT_EQ(decode_cut(session, round, 0), Outcome::kOk);
  const std::string sample = sample_bytes(kSwitches, {.id = 11, .raw = "payload"});
  EXPECT_EQ(decode_cut(session, sample, sample.size() - kRecordHeaderSize), Outcome::kUnknownLayout);
}

TEST(Session, SamplesOfOtherEventsHaveNoPayload) {
  AttrSpec hardware = kSwitches;
  hardware.type = 4;  // PERF_TYPE_RAW
  hardware.ids = {12};
  const Session session = session_of({kSwitches, hardware});
  const auto payload_size = [&session](std::uint64_t id) {
    const std::string bytes = sample_bytes(kSwitches, {.id = id, .time_ns = 7, .raw = "payload"});
    RawRecord raw;
    raw.type = record_type::kSample;
    raw.body = bytes_of(bytes).subspan(kRecordHeaderSize);
    Record out;
    EXPECT_TRUE(Session::is_delivered(session.decode(raw, out)));
    return out.payload.size();
  };
  EXPECT_EQ(payload_size(11), 12U);
  EXPECT_EQ(payload_size(12), 0U);
}

}  // namespace
}  // namespace sockscope::perf_data
