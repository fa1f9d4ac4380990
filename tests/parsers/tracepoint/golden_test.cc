#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "parsers/perf_data/abi.h"
#include "parsers/perf_data/reader.h"
#include "parsers/tracepoint/catalog.h"
#include "parsers/tracepoint/field_access.h"
#include "parsers/tracepoint/symbols.h"
#include "parsers/tracepoint/task_state.h"
#include "tests/parsers/fixtures.h"

// Whole recordings against what perf itself prints of them.
namespace sockscope::tracepoint {
namespace {

struct Sample {
  perf_data::Record record;
  const Format* format = nullptr;
};

class Golden : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    SOCKSCOPE_NEEDS_FIXTURE("own-6.18");
    lines = read_script(fixture(std::string(GetParam()) + ".script.txt.xz"));
    if (lines.empty()) GTEST_SKIP() << "no xzcat to read the golden with";
    auto opened = perf_data::Reader::open(fixture(GetParam()));
    ASSERT_TRUE(opened) << opened.error().message;
    reader.emplace(std::move(*opened));
    auto read = Catalog::from(**reader->require_tracing_data());
    ASSERT_TRUE(read) << read.error().message;
    catalog.emplace(std::move(*read));
    ASSERT_TRUE(catalog->rejected().empty());
    collect_samples();
  }

  void collect_samples() {
    auto stream = reader->records();
    while (const perf_data::Record* record = stream.next()) {
      if (record->type != perf_data::record_type::kSample) continue;
      const Format* const format = catalog->find(common_type(record->payload).value());
      ASSERT_NE(format, nullptr);
      samples.push_back({*record, format});
    }
  }

  // Compares `print(sample)` with the golden's text for each sample of the event; how many there were.
  template <class Print>
  std::size_t compare(std::string_view event, Print print) const {
    std::size_t compared = 0;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (lines[i].event != event) continue;
      ++compared;
      EXPECT_EQ(print(samples[i].record.payload), lines[i].trace) << "line " << i + 1;
    }
    return compared;
  }

  const Format& format(std::string_view system, std::string_view name) const { return *catalog->find(system, name); }

  std::vector<ScriptLine> lines;
  std::optional<perf_data::Reader> reader;
  std::optional<Catalog> catalog;
  std::vector<Sample> samples;
};

INSTANTIATE_TEST_SUITE_P(Recordings, Golden,
                         testing::Values("own-6.18/tcpudp.data", "own-6.18/tcpudp.pipe.data",
                                         "own-6.18/killed.pipe.data"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::ranges::replace_if(name, [](char c) { return c == '/' || c == '.' || c == '-'; }, '_');
                           return name;
                         });

TEST_P(Golden, EveryEventInPerfsOrder) {
  ASSERT_EQ(samples.size(), lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto& [record, format] = samples[i];
    const ScriptLine& line = lines[i];
    ASSERT_EQ(std::tuple(record.time_ns, record.cpu, record.tid, format->full_name()),
              std::tuple(line.time_ns, line.cpu, line.tid, line.event))
        << "line " << i + 1;
    ASSERT_EQ(reader->attrs()[record.attr].name, line.event);
    ASSERT_EQ(reader->attrs()[record.attr].config, format->id);
  }
}

TEST_P(Golden, EveryContextSwitchFieldByField) {
  const Format& event = format("sched", "sched_switch");
  const TaskState states = TaskState::of(event);
  const auto integer = [&event](const char* name) { return IntegerField::of(event, name).value(); };
  const auto text = [&event](const char* name) { return StringField::of(event, name).value(); };
  const auto print = [&](perf_data::Bytes payload) {
    return fmt::format("prev_comm={} prev_pid={} prev_prio={} prev_state={} ==> next_comm={} next_pid={} next_prio={}",
                       *text("prev_comm").read(payload), *integer("prev_pid").read(payload),
                       *integer("prev_prio").read(payload), states.text(*integer("prev_state").read(payload)),
                       *text("next_comm").read(payload), *integer("next_pid").read(payload),
                       *integer("next_prio").read(payload));
  };
  const std::size_t compared = compare("sched:sched_switch", print);
  const auto expected = std::ranges::count(lines, "sched:sched_switch", &ScriptLine::event);
  EXPECT_EQ(compared, static_cast<std::size_t>(expected));
}

class GoldenOfAllEvents : public Golden {};

INSTANTIATE_TEST_SUITE_P(Recording, GoldenOfAllEvents, testing::Values("own-6.18/tcpudp.data"),
                         [](const auto&) { return "own_6_18_tcpudp"; });

TEST_P(GoldenOfAllEvents, PacketsWithTheirDynamicName) {
  for (const char* name : {"netif_rx", "netif_receive_skb", "net_dev_queue"}) {
    const Format& event = format("net", name);
    const auto device = StringField::of(event, "name").value();
    const auto address = IntegerField::of(event, "skbaddr").value();
    const auto length = IntegerField::of(event, "len").value();
    const auto print = [&](perf_data::Bytes payload) {
      return fmt::format("dev={} skbaddr={:#x} len={}", *device.read(payload), *address.read_unsigned(payload),
                         *length.read(payload));
    };
    EXPECT_EQ(compare(event.full_name(), print), 170U) << name;
  }
}

TEST_P(GoldenOfAllEvents, SoftirqsWithTheirSymbols) {
  for (const auto& [name, count] :
       {std::pair("softirq_raise", 286U), {"softirq_entry", 282U}, {"softirq_exit", 282U}}) {
    const Format& event = format("irq", name);
    const auto vec = IntegerField::of(event, "vec").value();
    const Symbols actions = Symbols::of(event, "vec");
    const auto print = [&](perf_data::Bytes payload) {
      const auto value = *vec.read_unsigned(payload);
      return fmt::format("vec={} [action={}]", value, actions.name_of(value));
    };
    EXPECT_EQ(compare(event.full_name(), print), count) << name;
  }
}

TEST_P(GoldenOfAllEvents, SystemCallResults) {
  const Format& event = format("syscalls", "sys_exit_recvfrom");
  const auto ret = IntegerField::of(event, "ret").value();
  const auto print = [&](perf_data::Bytes payload) { return fmt::format("{:#x}", *ret.read_unsigned(payload)); };
  EXPECT_EQ(compare(event.full_name(), print), 161U);
}

TEST_P(GoldenOfAllEvents, DropReasonsByName) {
  const Format& event = format("skb", "kfree_skb");
  const auto reason = IntegerField::of(event, "reason").value();
  const Symbols reasons = Symbols::of(event, "reason");
  std::size_t compared = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].event != "skb:kfree_skb") continue;
    ++compared;
    const auto name = reasons.name_of(*reason.read_unsigned(samples[i].record.payload));
    EXPECT_FALSE(name.empty());
    EXPECT_TRUE(lines[i].trace.ends_with(fmt::format("reason: {}", name))) << lines[i].trace;
  }
  EXPECT_EQ(compared, 2U);
}

}  // namespace
}  // namespace sockscope::tracepoint
