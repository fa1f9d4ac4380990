#include "report/events/event_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "parsers/tracepoint/format.h"
#include "report/events/escaping.h"

namespace sockscope {
namespace {

using perf_data::Bytes;

constexpr std::uint64_t kSecond = 1'000'000'000;

// All that a line has besides comm, labels and values.
constexpr std::size_t kLineRoom = 256;

// perf's name for a thread that no COMM record has named.
std::string comm_of(const PrintableEvent& event) {
  return event.comm.data() == nullptr ? fmt::format(":{}", event.tid) : std::string(event.comm);
}

void put_number(bool is_signed, std::int64_t value, TextBuffer& out) {
  is_signed ? out.put_signed(value) : out.put_unsigned(static_cast<std::uint64_t>(value));
}

std::string task_or(std::int32_t task, std::string_view absent) {
  return task == perf_data::kNoTask ? std::string(absent) : fmt::format("{}", task);
}

// What a line says of a thread: "       comm   pid/tid   " as perf has it, a part of a JSON object, or of a CSV line.
std::string thread_text(const PrintableEvent& event, EventStyle style) {
  const std::string comm = comm_of(event);
  TextBuffer escaped;
  style == EventStyle::kJson ? put_json_text(comm, escaped, 0) : put_bare_text(comm, escaped, 0);
  switch (style) {
    case EventStyle::kJson:
      return fmt::format(R"(,"pid":{},"tid":{},"comm":"{}",)", task_or(event.pid, "null"), task_or(event.tid, "null"),
                         escaped.text());
    case EventStyle::kCsv:
      quote_csv(escaped, 0);
      return fmt::format(",{},{},{},", task_or(event.pid, ""), task_or(event.tid, ""), escaped.text());
    case EventStyle::kText:
      break;
  }
  // The width counts bytes of the name itself, as printf's does.
  const std::string blanks(16 - std::min<std::size_t>(comm.size(), 16), ' ');
  return fmt::format("{}{} {:>5}/{:<5} [", blanks, escaped.text(), event.pid, event.tid);
}

// printf's "%03d".
void put_cpu(std::uint32_t cpu, TextBuffer& out) {
  if (cpu < 1000) [[likely]] {
    return out.put_padded(cpu, 3);
  }
  cpu == perf_data::kNoCpu ? out.put("-01") : out.put_unsigned(cpu);
}

void put_array(const FieldPlan& field, Bytes bytes, std::size_t room, TextBuffer& out) {
  const std::size_t count = bytes.size() / field.element_size;
  out.reserve(count * (TextBuffer::kNumber + 1) + 2 + room);
  out.put('[');
  for (std::size_t index = 0; index < count; ++index) {
    if (index != 0) out.put(',');
    put_number(field.is_signed, *field.integer.read(bytes.subspan(index * field.element_size)), out);
  }
  out.put(']');
}

void put_hex_bytes(Bytes bytes, std::size_t room, TextBuffer& out) {
  constexpr std::string_view digits = "0123456789abcdef";
  out.reserve(2 * bytes.size() + 4 + room);
  out.put("0x");
  for (const std::byte byte : bytes) {
    out.put(digits[std::to_integer<std::size_t>(byte >> 4)]);
    out.put(digits[std::to_integer<std::size_t>(byte & std::byte{0xf})]);
  }
}

}  // namespace

std::string_view EventWriter::header(EventStyle style) {
  return style == EventStyle::kCsv ? "time_ns,cpu,pid,tid,comm,event,fields\n" : "";
}

void EventWriter::write(const PrintableEvent& event, TextBuffer& out) {
  bytes_left_ = event.payload.size();
  switch (style_) {
    case EventStyle::kText:
      return write_text(event, out);
    case EventStyle::kJson:
      return write_json(event, out);
    case EventStyle::kCsv:
      return write_csv(event, out);
  }
}

bool EventWriter::is_readable(const PrintableEvent& event) {
  const EventPlan& plan = *event.plan;
  if (plan.has_format && tracepoint::common_type(event.payload, plan.byte_order) == plan.id) [[likely]] {
    return true;
  }
  if (plan.is_tracepoint) ++undecoded_;
  return false;
}

template <EventStyle Style>
void EventWriter::write_bytes(const FieldPlan& field, Bytes bytes, std::size_t room, TextBuffer& out) {
  switch (field.kind) {
    case FieldPlan::Kind::kText: {
      const std::string_view text = perf_data::until_nul(perf_data::as_text(bytes));
      if constexpr (Style != EventStyle::kJson) return put_value_text(text, out, room);
      out.put('"');
      put_json_text(text, out, room);
      return out.put('"');
    }
    case FieldPlan::Kind::kArray:
      if (bytes.size() % field.element_size == 0) return put_array(field, bytes, room, out);
      [[fallthrough]];
    default:
      if constexpr (Style == EventStyle::kJson) out.put('"');
      put_hex_bytes(bytes, room, out);
      if constexpr (Style == EventStyle::kJson) out.put('"');
  }
}

template <EventStyle Style>
void EventWriter::write_value(const FieldPlan& field, Bytes payload, std::size_t room, TextBuffer& out) {
  if (field.bytes) {
    const auto bytes = field.bytes->read(payload);
    if (!bytes || bytes->size() > bytes_left_) return out.put("null");
    bytes_left_ -= bytes->size();
    return write_bytes<Style>(field, *bytes, room, out);
  }
  const auto value = field.integer.read(payload);
  if (field.kind == FieldPlan::Kind::kBytes || !value) return out.put("null");
  if (Style != EventStyle::kJson && field.kind == FieldPlan::Kind::kPointer) {
    return out.put_hex(static_cast<std::uint64_t>(*value));
  }
  put_number(field.kind == FieldPlan::Kind::kSigned, *value, out);
  if (Style == EventStyle::kJson || !field.names) return;
  const std::string_view name = field.names->name_of(static_cast<std::uint64_t>(*value), scratch_);
  if (name.empty()) return;
  out.put('(');
  put_bare_text(name, out, room);
  out.put(')');
}

template <EventStyle Style>
void EventWriter::write_fields(const EventPlan& plan, const std::vector<FieldPlan>& fields, Bytes payload,
                               TextBuffer& out) {
  for (const FieldPlan& field : fields) {
    out.put(field.label);
    write_value<Style>(field, payload, plan.room + kLineRoom, out);
  }
}

void EventWriter::write_names(const EventPlan& plan, Bytes payload, TextBuffer& out) {
  bool is_first = true;
  for (const FieldPlan& field : plan.fields) {
    if (!field.names) continue;
    const auto value = field.integer.read(payload);
    if (!value) continue;
    const std::string_view name = field.names->name_of(static_cast<std::uint64_t>(*value), scratch_);
    if (name.empty()) continue;
    out.put(is_first ? std::string_view(R"(,"names":{)") : std::string_view(","));
    out.put(field.name);
    put_json_text(name, out, plan.room + kLineRoom);
    out.put('"');
    is_first = false;
  }
  if (!is_first) out.put('}');
}

template <EventStyle Style>
void EventWriter::write_thread(const PrintableEvent& event, std::size_t room, TextBuffer& out) {
  Thread& thread = threads_[static_cast<std::uint32_t>(event.tid) % kThreads];
  if (thread.text.text().empty() || thread.comm != event.comm.data() || thread.comm_size != event.comm.size() ||
      thread.pid != event.pid || thread.tid != event.tid) [[unlikely]] {
    thread = {.comm = event.comm.data(),
              .comm_size = event.comm.size(),
              .pid = event.pid,
              .tid = event.tid,
              .text = Literal(thread_text(event, Style))};
  }
  out.reserve(thread.text.text().size() + room);
  out.put(thread.text);
}

// printf's "%5lu.%09lu".
void EventWriter::write_time(std::uint64_t time_ns, TextBuffer& out) {
  const std::uint64_t second = time_ns / kSecond;
  if (second != second_) [[unlikely]] {
    second_ = second;
    second_text_ = Literal(fmt::format("{:>5}.", second));
  }
  out.put(second_text_);
  out.put_padded_9(static_cast<std::uint32_t>(time_ns - second * kSecond));
}

void EventWriter::write_text(const PrintableEvent& event, TextBuffer& out) {
  const EventPlan& plan = *event.plan;
  write_thread<EventStyle::kText>(event, plan.room + kLineRoom, out);
  put_cpu(event.cpu, out);
  out.put("] ");
  write_time(event.time_ns, out);
  out.put(": ");
  out.put(plan.label);
  if (is_readable(event)) write_fields<EventStyle::kText>(plan, plan.fields, event.payload, out);
  out.put('\n');
}

void EventWriter::write_json(const PrintableEvent& event, TextBuffer& out) {
  const EventPlan& plan = *event.plan;
  const std::size_t room = plan.room + kLineRoom;
  out.reserve(room);
  out.put(R"({"time_ns":)");
  out.put_unsigned(event.time_ns);
  out.put(R"(,"cpu":)");
  event.cpu == perf_data::kNoCpu ? out.put("null") : out.put_unsigned(event.cpu);
  write_thread<EventStyle::kJson>(event, room, out);
  out.put(plan.label);
  if (is_readable(event)) {
    out.put('{');
    write_fields<EventStyle::kJson>(plan, plan.fields, event.payload, out);
    out.put(R"(},"common":{)");
    write_fields<EventStyle::kJson>(plan, plan.common_fields, event.payload, out);
    out.put('}');
    if (plan.has_names) write_names(plan, event.payload, out);
    out.put("}\n");
  } else {
    out.put(plan.is_tracepoint ? std::string_view(R"(null,"common":null})") : std::string_view(R"({},"common":{}})"));
    out.put('\n');
  }
}

void EventWriter::write_csv(const PrintableEvent& event, TextBuffer& out) {
  const EventPlan& plan = *event.plan;
  const std::size_t room = plan.room + kLineRoom;
  out.reserve(room);
  out.put_unsigned(event.time_ns);
  out.put(',');
  if (event.cpu != perf_data::kNoCpu) out.put_unsigned(event.cpu);
  write_thread<EventStyle::kCsv>(event, room, out);
  out.put(plan.label);
  const std::size_t start = out.size();
  if (is_readable(event)) write_fields<EventStyle::kCsv>(plan, plan.fields, event.payload, out);
  quote_csv(out, start);
  out.reserve(1);
  out.put('\n');
}

}  // namespace sockscope
