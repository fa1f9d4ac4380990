#include "report/export/ctf_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/printable.h"
#include "parsers/ctf/recorded_events_entry.h"
#include "parsers/perf_data/abi.h"
#include "report/export/lttng_names.h"

namespace sockscope {
namespace {

using perf_data::Record;
using tracepoint::Format;

constexpr std::uint64_t kSecond = 1'000'000'000;
// A packet is kept in memory until it is full: about a megabyte.
constexpr std::uint64_t kEventsOfPacket = 4096;
// LTTng's prio where the recording does not say: no thread but one of SCHED_DEADLINE has it.
constexpr std::int32_t kNoPrio = -1;

// The contexts of every event, in this order.
enum Context : std::uint64_t { kVtid, kVpid, kProcname, kPrio };

bool append(bt_field_class* structure, const char* name, const Reference<bt_field_class>& member) {
  return member != nullptr && bt_field_class_structure_append_member(structure, name, member.get()) ==
                                  BT_FIELD_CLASS_STRUCTURE_APPEND_MEMBER_STATUS_OK;
}

Reference<bt_field_class> signed_32(bt_trace_class* trace) {
  Reference<bt_field_class> number(bt_field_class_integer_signed_create(trace));
  if (number != nullptr) bt_field_class_integer_set_field_value_range(number.get(), 32);
  return number;
}

Reference<bt_field_class> contexts(bt_trace_class* trace) {
  Reference<bt_field_class> structure(bt_field_class_structure_create(trace));
  const bool is_made =
      structure != nullptr && append(structure.get(), "vtid", signed_32(trace)) &&
      append(structure.get(), "vpid", signed_32(trace)) &&
      append(structure.get(), "procname", Reference<bt_field_class>(bt_field_class_string_create(trace))) &&
      append(structure.get(), "prio", signed_32(trace));
  return is_made ? std::move(structure) : nullptr;
}

Reference<bt_field_class> packet_context(bt_trace_class* trace) {
  Reference<bt_field_class> structure(bt_field_class_structure_create(trace));
  const Reference<bt_field_class> cpu(bt_field_class_integer_unsigned_create(trace));
  if (cpu != nullptr) bt_field_class_integer_set_field_value_range(cpu.get(), 32);
  return structure != nullptr && append(structure.get(), "cpu_id", cpu) ? std::move(structure) : nullptr;
}

/// Time since 1970 = recording's clock + offset, where the recording knows it.
void set_origin(bt_clock_class* clock, const std::optional<perf_data::ClockReference>& reference) {
  if (!reference || reference->wall_ns < reference->clock_ns) {
    return bt_clock_class_set_origin_is_unix_epoch(clock, BT_FALSE);
  }
  const std::uint64_t offset = reference->wall_ns - reference->clock_ns;
  bt_clock_class_set_offset(clock, static_cast<std::int64_t>(offset / kSecond), offset % kSecond);
}

std::string lttng_name(const Format* format, const std::string& name) {
  return printable(format == nullptr ? name : lttng_event_name(format->system, format->name));
}

bool is_raw_syscall(const Format& format) { return format.system == "raw_syscalls"; }

}  // namespace

CtfSource::CtfSource(const perf_data::Reader& reader, const tracepoint::Catalog* catalog,
                     const std::function<void()>& on_event)
    : reader_(reader),
      on_event_(on_event),
      byte_order_(reader.info().byte_order),
      records_(reader.records()),
      attrs_(reader.attrs().size()) {
  make_kinds(catalog);
}

CtfSource::~CtfSource() {
  for (const bt_message* const message : waiting_) bt_message_put_ref(message);
}

void CtfSource::make_kinds(const tracepoint::Catalog* catalog) {
  for (const perf_data::Attr& attr : reader_.attrs()) {
    const bool has_format = catalog != nullptr && attr.is_tracepoint() && attr.config <= 0xffff;
    const Format* const format = has_format ? catalog->find(static_cast<std::uint16_t>(attr.config)) : nullptr;
    add_kind(attr.name.empty() ? fmt::format("{}:{}", attr.type, attr.config) : attr.name, format);
  }
  if (catalog != nullptr) {
    for (const Format& format : catalog->formats()) {
      add_kind(format.full_name(), &format);
      recorded_events_ += format.full_name() + ' ';
    }
    for (const Format& format : catalog->formats()) {
      if (format.system != "sched") continue;
      add_priority(format, "prev_pid", "prev_prio");
      add_priority(format, "next_pid", "next_prio");
      add_priority(format, "pid", "prio");
    }
  }
  add_kind("unknown", nullptr);
}

void CtfSource::add_kind(const std::string& name, const Format* format) {
  Kind kind{.name = lttng_name(format, name),
            .format = format,
            .fields = std::nullopt,
            .plain = {},
            .by_call = {},
            .call_number = std::nullopt};
  if (format != nullptr) {
    kind.fields.emplace(*format);
    if (is_raw_syscall(*format)) kind.call_number = tracepoint::IntegerField::of(*format, "id");
  }
  kinds_.push_back(std::move(kind));
}

void CtfSource::add_priority(const Format& format, const char* tid, const char* prio) {
  const auto of_tid = tracepoint::IntegerField::of(format, tid);
  const auto of_prio = tracepoint::IntegerField::of(format, prio);
  if (of_tid && of_prio) priorities_.push_back({.id = format.id, .tid = *of_tid, .prio = *of_prio});
}

bool CtfSource::build(bt_self_component* component) {
  return make_trace(component) && set_environment() && make_stream_class(component);
}

bool CtfSource::make_trace(bt_self_component* component) {
  trace_class_.reset(bt_trace_class_create(component));
  if (trace_class_ == nullptr) return false;
  trace_.reset(bt_trace_create(trace_class_.get()));
  return trace_ != nullptr;
}

// TraceCompass takes a trace for one of a kernel, whose events mean what LTTng's do, by domain and tracer.
bool CtfSource::set_environment() {
  const auto set = [this](const char* name, const std::string& value) {
    return value.empty() || bt_trace_set_environment_entry_string(trace_.get(), name, printable(value).c_str()) ==
                                BT_TRACE_SET_ENVIRONMENT_ENTRY_STATUS_OK;
  };
  const auto set_number = [this](const char* name, std::int64_t value) {
    return bt_trace_set_environment_entry_integer(trace_.get(), name, value) ==
           BT_TRACE_SET_ENVIRONMENT_ENTRY_STATUS_OK;
  };
  const perf_data::FileInfo& info = reader_.info();
  return set("domain", "kernel") && set("sysname", "Linux") && set("tracer_name", "lttng-modules") &&
         set_number("tracer_major", 2) && set_number("tracer_minor", 13) && set("hostname", info.hostname) &&
         set("kernel_release", info.osrelease) && set("architecture", info.arch) &&
         set(ctf::kRecordedEventsEntry, recorded_events_);
}

bool CtfSource::make_stream_class(bt_self_component* component) {
  clock_.reset(bt_clock_class_create(component));
  stream_class_.reset(bt_stream_class_create(trace_class_.get()));
  if (clock_ == nullptr || stream_class_ == nullptr) return false;
  bt_clock_class_set_frequency(clock_.get(), kSecond);
  set_origin(clock_.get(), reader_.info().clock_reference);
  const auto of_event = contexts(trace_class_.get());
  const auto of_packet = packet_context(trace_class_.get());
  if (of_event == nullptr || of_packet == nullptr) return false;
  bt_stream_class* const stream = stream_class_.get();
  bt_stream_class_set_assigns_automatic_stream_id(stream, BT_FALSE);
  if (bt_clock_class_set_name(clock_.get(), "monotonic") != BT_CLOCK_CLASS_SET_NAME_STATUS_OK) return false;
  if (bt_stream_class_set_default_clock_class(stream, clock_.get()) !=
      BT_STREAM_CLASS_SET_DEFAULT_CLOCK_CLASS_STATUS_OK) {
    return false;
  }
  bt_stream_class_set_supports_packets(stream, BT_TRUE, BT_TRUE, BT_TRUE);
  return bt_stream_class_set_packet_context_field_class(stream, of_packet.get()) ==
             BT_STREAM_CLASS_SET_FIELD_CLASS_STATUS_OK &&
         bt_stream_class_set_event_common_context_field_class(stream, of_event.get()) ==
             BT_STREAM_CLASS_SET_FIELD_CLASS_STATUS_OK;
}

bool CtfSource::next(bt_self_message_iterator* iterator, bt_message_array_const messages, std::uint64_t capacity,
                     std::uint64_t& count) {
  while (waiting_.size() < capacity && !has_ended_) {
    if (!pull(iterator)) return false;
  }
  count = std::min<std::uint64_t>(capacity, waiting_.size());
  for (std::uint64_t index = 0; index < count; ++index) {
    messages[index] = waiting_.front();
    waiting_.pop_front();
  }
  return true;
}

bool CtfSource::pull(bt_self_message_iterator* iterator) {
  const Record* const record = records_.next();
  if (record == nullptr) {
    has_ended_ = true;
    return end_streams(iterator);
  }
  if (record->type != perf_data::record_type::kSample) {
    names_.apply(*record, byte_order_);
    return true;
  }
  on_event_();
  if (record->time_ns == 0) {
    ++counts_.without_time;
    return true;
  }
  last_ns_ = record->time_ns;
  note_priorities(*record);
  return take(iterator, *record);
}

bool CtfSource::take(bt_self_message_iterator* iterator, const Record& record) {
  EventClass* const event_class = class_of(kind_of(record), record);
  if (event_class == nullptr) return false;
  Stream* const stream = stream_of(iterator, record);
  if (stream == nullptr) return false;
  bt_message* const message = bt_message_event_create_with_packet_and_default_clock_snapshot(
      iterator, event_class->event.get(), stream->packet.get(), record.time_ns);
  if (!queue(message)) return false;
  bt_event* const event = bt_message_event_borrow_event(message);
  if (event_class->fields != nullptr &&
      !event_class->fields->set(bt_event_borrow_payload_field(event), record.payload)) {
    ++counts_.undecoded;
  }
  ++stream->events;
  ++counts_.events;
  return set_context(event, record);
}

CtfSource::Kind& CtfSource::kind_of(const Record& record) {
  if (record.attr < attrs_) return kinds_[record.attr];
  const auto id = tracepoint::common_type(record.payload, byte_order_);
  for (std::size_t index = attrs_; id && index + 1 < kinds_.size(); ++index) {
    if (kinds_[index].format->id == *id) return kinds_[index];
  }
  return kinds_.back();
}

CtfSource::EventClass* CtfSource::class_of(Kind& kind, const Record& record) {
  const bool is_tracepoint = record.attr >= attrs_ || reader_.attrs()[record.attr].is_tracepoint();
  const bool is_readable =
      kind.format != nullptr && tracepoint::common_type(record.payload, byte_order_) == kind.format->id;
  if (!is_readable) {
    if (is_tracepoint) ++counts_.undecoded;
    return kind.format == nullptr ? made(kind.plain, kind.name, nullptr)
                                  : made(kind.by_call[""], kind.name + "_undecoded", nullptr);
  }
  const auto number = kind.call_number ? kind.call_number->read(record.payload) : std::nullopt;
  if (!number) return made(kind.plain, kind.name, &*kind.fields);
  const bool is_entry = kind.format->name == "sys_enter";
  const std::string name = lttng_syscall_name(is_entry, reader_.info().arch, *number);
  return made(kind.by_call[name], name, &*kind.fields);
}

CtfSource::EventClass* CtfSource::made(EventClass& event_class, const std::string& name, const CtfFields* fields) {
  if (event_class.event == nullptr && !make_class(event_class, name, fields)) return nullptr;
  return &event_class;
}

bool CtfSource::make_class(EventClass& event_class, const std::string& name, const CtfFields* fields) {
  event_class.event.reset(bt_event_class_create(stream_class_.get()));
  event_class.fields = fields;
  if (event_class.event == nullptr ||
      bt_event_class_set_name(event_class.event.get(), name.c_str()) != BT_EVENT_CLASS_SET_NAME_STATUS_OK) {
    return false;
  }
  if (fields == nullptr) return true;
  const auto payload = fields->make_class(trace_class_.get());
  return payload != nullptr && bt_event_class_set_payload_field_class(event_class.event.get(), payload.get()) ==
                                   BT_EVENT_CLASS_SET_FIELD_CLASS_STATUS_OK;
}

CtfSource::Stream* CtfSource::stream_of(bt_self_message_iterator* iterator, const Record& record) {
  Stream& stream = streams_[record.cpu];
  if (stream.stream == nullptr) {
    stream.stream.reset(bt_stream_create_with_id(stream_class_.get(), trace_.get(), record.cpu));
    if (stream.stream == nullptr || !queue(bt_message_stream_beginning_create(iterator, stream.stream.get()))) {
      return nullptr;
    }
  }
  if (stream.packet != nullptr && stream.events < kEventsOfPacket) return &stream;
  if (stream.packet != nullptr && !end_packet(iterator, stream)) return nullptr;
  return begin_packet(iterator, stream, record.cpu) ? &stream : nullptr;
}

bool CtfSource::begin_packet(bt_self_message_iterator* iterator, Stream& stream, std::uint32_t cpu) {
  stream.events = 0;
  stream.packet.reset(bt_packet_create(stream.stream.get()));
  if (stream.packet == nullptr) return false;
  bt_field* const context = bt_packet_borrow_context_field(stream.packet.get());
  bt_field_integer_unsigned_set_value(bt_field_structure_borrow_member_field_by_index(context, 0), cpu);
  return queue(bt_message_packet_beginning_create_with_default_clock_snapshot(iterator, stream.packet.get(), last_ns_));
}

bool CtfSource::end_packet(bt_self_message_iterator* iterator, Stream& stream) {
  return queue(bt_message_packet_end_create_with_default_clock_snapshot(iterator, stream.packet.get(), last_ns_));
}

bool CtfSource::end_streams(bt_self_message_iterator* iterator) {
  return std::ranges::all_of(streams_, [&](auto& one) {
    return end_packet(iterator, one.second) && queue(bt_message_stream_end_create(iterator, one.second.stream.get()));
  });
}

bool CtfSource::set_context(bt_event* event, const Record& record) {
  bt_field* const context = bt_event_borrow_common_context_field(event);
  const auto member = [context](Context which) {
    return bt_field_structure_borrow_member_field_by_index(context, which);
  };
  bt_field_integer_signed_set_value(member(kVtid), record.tid);
  bt_field_integer_signed_set_value(member(kVpid), record.pid);
  const auto prio = prio_of_.find(record.tid);
  bt_field_integer_signed_set_value(member(kPrio), prio == prio_of_.end() ? kNoPrio : prio->second);
  const std::string_view comm = names_.name_of(record.pid, record.tid);
  // As perf has it. Never empty: babeltrace2 2.0 reads the text of an earlier event where one is.
  return set_text(member(kProcname), comm.empty() ? fmt::format(":{}", record.tid) : std::string(comm));
}

void CtfSource::note_priorities(const Record& record) {
  const auto id = tracepoint::common_type(record.payload, byte_order_);
  for (const Priority& priority : priorities_) {
    if (id != priority.id) continue;
    const auto tid = priority.tid.read(record.payload);
    const auto prio = priority.prio.read(record.payload);
    if (tid && prio) prio_of_[static_cast<std::int32_t>(*tid)] = static_cast<std::int32_t>(*prio);
  }
}

bool CtfSource::queue(const bt_message* message) {
  if (message == nullptr) return false;
  waiting_.push_back(message);
  return true;
}

}  // namespace sockscope
