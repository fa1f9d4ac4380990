#include "parsers/ctf/transcriber.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <map>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "parsers/ctf/recorded_events_entry.h"

namespace sockscope::ctf {
namespace {

constexpr std::size_t kMostClasses = 16'384;
constexpr std::uint64_t kSecond = 1'000'000'000;

std::optional<std::int64_t> environment_number(const bt_trace* trace, const char* name) {
  const bt_value* const value = bt_trace_borrow_environment_entry_value_by_name_const(trace, name);
  if (value == nullptr || !bt_value_is_signed_integer(value)) return std::nullopt;
  return bt_value_integer_signed_get(value);
}

/// "lttng-modules 2.13"; of perf its own version.
std::string tracer_of(const bt_trace* trace, const std::string& name, const std::string& version) {
  if (name == "perf") return version;
  const auto major = environment_number(trace, "tracer_major");
  const auto minor = environment_number(trace, "tracer_minor");
  return major && minor ? fmt::format("{} {}.{}", name, *major, *minor) : name;
}

/// As babeltrace2 rounds it (src/lib/trace-ir/clock-class.h), less than a second.
std::int64_t ns_of_cycles(std::uint64_t cycles, std::uint64_t frequency) {
  if (frequency == kSecond) return static_cast<std::int64_t>(cycles);
  return static_cast<std::int64_t>(static_cast<double>(kSecond) * static_cast<double>(cycles) /
                                   static_cast<double>(frequency));
}

/// The first that is there.
std::string first_of(std::initializer_list<std::string> texts) {
  const auto* const found = std::ranges::find_if(texts, [](const std::string& text) { return !text.empty(); });
  return found == texts.end() ? std::string() : *found;
}

/// By whichever tracer.
bool is_waking(const bt_event_class* event_class) {
  const char* const name = bt_event_class_get_name(event_class);
  return name != nullptr && kernel_event(name, false) == KernelEvent{"sched", "sched_waking"};
}

std::vector<const bt_event_class*> event_classes_of(const bt_trace_class* trace_class) {
  std::vector<const bt_event_class*> classes;
  for (std::uint64_t i = 0; i < bt_trace_class_get_stream_class_count(trace_class); ++i) {
    const bt_stream_class* const stream_class = bt_trace_class_borrow_stream_class_by_index_const(trace_class, i);
    for (std::uint64_t j = 0; j < bt_stream_class_get_event_class_count(stream_class); ++j) {
      classes.push_back(bt_stream_class_borrow_event_class_by_index_const(stream_class, j));
    }
  }
  return classes;
}

std::string full_name(const WrittenFormat& format) { return format.system + ":" + format.name; }

WrittenFormat format_without_fields(const KernelEvent& event, std::size_t id) {
  return {.system = event.system, .name = event.name, .text = format_head(event.name, id) + "\nprint fmt: \"\"\n"};
}

}  // namespace

Result<> Transcriber::take(const bt_message* message) {
  switch (bt_message_get_type(message)) {
    case BT_MESSAGE_TYPE_STREAM_BEGINNING:
      return begin_stream(message);
    case BT_MESSAGE_TYPE_STREAM_END:
      --open_;
      return {};
    case BT_MESSAGE_TYPE_PACKET_BEGINNING:
      begin_packet(message);
      return {};
    case BT_MESSAGE_TYPE_PACKET_END:
      --open_;
      return {};
    case BT_MESSAGE_TYPE_EVENT:
      return take_event(message);
    case BT_MESSAGE_TYPE_DISCARDED_EVENTS:
      return take_lost(message, false);
    case BT_MESSAGE_TYPE_DISCARDED_PACKETS:
      return take_lost(message, true);
    default:
      return {};
  }
}

Result<> Transcriber::finish() {
  if (trace_ == nullptr) return fail(ErrorKind::kInput, "holds no event");
  // babeltrace2 2.0 takes a file that ends in an event for one that ends.
  if (open_ != 0) return fail(ErrorKind::kInput, "damaged: a packet ends in the middle of an event");
  return writer_.finish();
}

Result<> Transcriber::begin_stream(const bt_message* message) {
  const bt_stream* const stream = bt_message_stream_beginning_borrow_stream_const(message);
  const bt_trace* const trace = bt_stream_borrow_trace_const(stream);
  ++open_;
  cpu_of_[stream] = static_cast<std::uint32_t>(bt_stream_get_id(stream));
  if (trace_ == trace) return {};
  if (trace_ != nullptr) return fail(ErrorKind::kInput, "holds traces that are not of one session: name one of them");
  trace_ = trace;
  return describe(stream);
}

std::string Transcriber::environment_text(const char* name) const {
  const bt_value* const value = bt_trace_borrow_environment_entry_value_by_name_const(trace_, name);
  return value != nullptr && bt_value_is_string(value) ? bt_value_string_get(value) : std::string();
}

bool Transcriber::is_our_export() const { return !environment_text(kRecordedEventsEntry).empty(); }

bool Transcriber::is_of_lttng() const { return !is_our_export() && environment_text("tracer_name") != "perf"; }

Result<> Transcriber::describe(const bt_stream* stream) {
  const std::string domain = environment_text("domain");
  if (!domain.empty() && domain != "kernel") {
    return fail(ErrorKind::kInput,
                "is a trace of programs (domain {}), not of a kernel: record with lttng enable-event -k", domain);
  }
  const bt_clock_class* const clock =
      bt_stream_class_borrow_default_clock_class_const(bt_stream_borrow_class_const(stream));
  if (clock == nullptr) return fail(ErrorKind::kInput, "its events carry no time");
  std::int64_t seconds = 0;
  std::uint64_t cycles = 0;
  bt_clock_class_get_offset(clock, &seconds, &cycles);
  constexpr std::int64_t most_seconds = std::int64_t{1} << 33;  // in 2242
  if (seconds < 0 || seconds > most_seconds) return fail(ErrorKind::kInput, "its clock began in no time that is");
  clock_offset_ns_ =
      seconds * static_cast<std::int64_t>(kSecond) + ns_of_cycles(cycles, bt_clock_class_get_frequency(clock));

  const auto classes = event_classes_of(bt_trace_borrow_class_const(trace_));
  if (classes.size() > kMostClasses) return fail(ErrorKind::kInput, "describes more kinds of events than a kernel has");
  wakeup_is_waking_ = is_of_lttng() && std::ranges::none_of(classes, is_waking);
  std::vector<WrittenFormat> formats;
  for (const bt_event_class* const one : classes) {
    if (auto added = add_class(one, formats); !added) return added;
  }
  add_recorded(formats);
  if (formats.empty()) return fail(ErrorKind::kInput, "describes no event");
  return writer_.begin(formats, origin_of(clock));
}

Origin Transcriber::origin_of(const bt_clock_class* clock) const {
  Origin origin{.hostname = first_of({environment_text("hostname"), environment_text("host")}),
                .release = first_of({environment_text("kernel_release"), environment_text("release")}),
                .machine = first_of({environment_text("architecture"), environment_text("machine")}),
                .tracer = is_our_export()
                              ? "sockscope's export"
                              : tracer_of(trace_, environment_text("tracer_name"), environment_text("version")),
                .clock = std::nullopt,
                .reference = std::nullopt};
  const char* const name = bt_clock_class_get_name(clock);
  if (name != nullptr && std::string_view(name) == "monotonic") origin.clock = CLOCK_MONOTONIC;
  if (clock_offset_ns_ != 0 && bt_clock_class_origin_is_unix_epoch(clock) == BT_TRUE) {
    origin.reference = {
        .clockid = CLOCK_MONOTONIC, .wall_ns = static_cast<std::uint64_t>(clock_offset_ns_), .clock_ns = 0};
  }
  return origin;
}

Result<> Transcriber::add_class(const bt_event_class* event_class, std::vector<WrittenFormat>& formats) {
  if (classes_.size() == kMostClasses)
    return fail(ErrorKind::kInput, "describes more kinds of events than a kernel has");
  auto layout = EventLayout::of(event_class, wakeup_is_waking_);
  if (!layout) return pass_on(layout);
  const KernelEvent& event = layout->event();
  const auto [same, is_new] = ids_.try_emplace(event.system + ":" + layout->format_text(0), formats.size());
  const std::uint16_t id = same->second;
  if (is_new) formats.push_back({.system = event.system, .name = event.name, .text = layout->format_text(id)});
  classes_.emplace(event_class, Class{.layout = std::move(*layout), .id = id});
  return {};
}

void Transcriber::add_recorded(std::vector<WrittenFormat>& formats) const {
  const std::string names = environment_text(kRecordedEventsEntry);
  std::unordered_set<std::string> known;
  for (const WrittenFormat& format : formats) known.insert(full_name(format));
  for (std::string_view left = names; !left.empty() && formats.size() < kMostClasses;) {
    const std::string_view name = left.substr(0, left.find(' '));
    left.remove_prefix(std::min(name.size() + 1, left.size()));
    if (name.empty()) continue;
    WrittenFormat format = format_without_fields(kernel_event(name, false), formats.size());
    if (known.insert(full_name(format)).second) formats.push_back(std::move(format));
  }
}

/// perf and LTTng have a stream for each CPU, and its number in the context of the packets.
void Transcriber::begin_packet(const bt_message* message) {
  ++open_;
  const bt_packet* const packet = bt_message_packet_beginning_borrow_packet_const(message);
  const bt_field* const context = bt_packet_borrow_context_field_const(packet);
  const bt_field* const cpu =
      context == nullptr ? nullptr : bt_field_structure_borrow_member_field_by_name_const(context, "cpu_id");
  if (cpu == nullptr ||
      bt_field_class_type_is(bt_field_get_class_type(cpu), BT_FIELD_CLASS_TYPE_UNSIGNED_INTEGER) != BT_TRUE) {
    return;
  }
  cpu_of_[bt_packet_borrow_stream_const(packet)] = static_cast<std::uint32_t>(bt_field_integer_unsigned_get_value(cpu));
}

/// By the tracer's own clock, as perf records have it: without what lies between it and 1970.
Result<std::uint64_t> Transcriber::time_of(const bt_clock_snapshot* snapshot) const {
  std::int64_t since_origin = 0;
  if (bt_clock_snapshot_get_ns_from_origin(snapshot, &since_origin) != BT_CLOCK_SNAPSHOT_GET_NS_FROM_ORIGIN_STATUS_OK ||
      since_origin < clock_offset_ns_) {
    return fail(ErrorKind::kInput, "has an event of before its clock began: damaged");
  }
  return static_cast<std::uint64_t>(since_origin - clock_offset_ns_);
}

Moment Transcriber::moment_of(const Class& one, const bt_event* event, std::uint32_t cpu) const {
  Moment at{.cpu = cpu};
  const auto running = running_.find(cpu);
  const auto known = one.layout.tid(event);
  const auto leaving = one.layout.prev_pid(event);
  at.tid = known ? *known : leaving ? *leaving : running != running_.end() ? running->second : -1;
  at.pid = one.layout.pid(event).value_or(at.tid);
  return at;
}

Result<> Transcriber::take_event(const bt_message* message) {
  if (++events_ > most_events_) return fail(ErrorKind::kInput, "has more events than its files have bytes: damaged");
  const bt_event* const event = bt_message_event_borrow_event_const(message);
  const auto found = classes_.find(bt_event_borrow_class_const(event));
  if (found == classes_.end()) return fail(ErrorKind::kInput, "has an event that it does not describe: damaged");
  const Class& one = found->second;
  const auto time = time_of(bt_message_event_borrow_default_clock_snapshot_const(message));
  if (!time) return std::unexpected(time.error());
  const std::uint32_t cpu = cpu_of_[bt_event_borrow_stream_const(event)];
  Moment at = moment_of(one, event, cpu);
  at.time_ns = last_ns_ = *time;
  if (auto named = name_thread(at, one.layout.procname(event)); !named) return named;
  one.layout.fill(payload_, event, one.id, at.tid);
  if (const auto next = one.layout.next_pid(event)) running_[cpu] = *next;
  return writer_.sample(one.id, at, payload_);
}

Result<> Transcriber::name_thread(const Moment& at, std::string_view name) {
  if (name.data() == nullptr) return {};
  std::string& known = names_[at.tid];
  if (known == name) return {};
  known = name;
  return writer_.comm(at, name);
}

Result<> Transcriber::take_lost(const bt_message* message, bool are_packets) {
  std::uint64_t count = 0;
  const auto known = are_packets ? bt_message_discarded_packets_get_count(message, &count)
                                 : bt_message_discarded_events_get_count(message, &count);
  // Nobody knows how many: at least one.
  if (known != BT_PROPERTY_AVAILABILITY_AVAILABLE) count = 1;
  if (count == 0) return {};
  const bt_stream* const stream = are_packets ? bt_message_discarded_packets_borrow_stream_const(message)
                                              : bt_message_discarded_events_borrow_stream_const(message);
  return writer_.lost({.time_ns = last_ns_, .cpu = cpu_of_[stream], .pid = -1, .tid = -1}, count);
}

}  // namespace sockscope::ctf
