#include "report/events/event_writer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "parsers/tracepoint/format.h"
#include "report/events/escaping.h"

namespace sockscope {
namespace {

using perf_data::Bytes;

constexpr std::uint64_t kSecond = 1'000'000'000;

// All that a line has besides comm, labels and values.
constexpr std::size_t kLineRoom = 256;

// printf's "%*d": right-aligned, and its "%-*d": left-aligned.
struct Decimal {
  explicit Decimal(std::int64_t value) noexcept {
    end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  }
  [[nodiscard]] std::string_view text() const noexcept { return {digits.data(), end}; }

  std::array<char, TextBuffer::kNumber> digits;
  char* end = nullptr;
};

void put_right(std::string_view text, std::size_t width, TextBuffer& out) {
  if (text.size() < width) out.fill(width - text.size(), ' ');
  out.put(text);
}

void put_left(std::string_view text, std::size_t width, TextBuffer& out) {
  out.put(text);
  if (text.size() < width) out.fill(width - text.size(), ' ');
}

// perf's name for a thread that no COMM record has named.
struct NamelessComm {
  explicit NamelessComm(std::int32_t tid) noexcept {
    end = std::to_chars(text.data() + 1, text.data() + text.size(), tid).ptr;
  }
  [[nodiscard]] std::string_view view() const noexcept { return {text.data(), end}; }

  std::array<char, 16> text{':'};
  char* end = nullptr;
};

template <class Put>
void with_comm(const PrintableEvent& event, const Put& put) {
  if (event.comm.data() != nullptr) [[likely]] {
    return put(event.comm);
  }
  put(NamelessComm(event.tid).view());
}

void put_number(bool is_signed, std::int64_t value, TextBuffer& out) {
  is_signed ? out.put_signed(value) : out.put_unsigned(static_cast<std::uint64_t>(value));
}

void put_task_or_null(std::int32_t task, TextBuffer& out) {
  task == perf_data::kNoTask ? out.put("null") : out.put_signed(task);
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

template <EventStyle kStyle>
void EventWriter::write_bytes(const FieldPlan& field, Bytes bytes, std::size_t room, TextBuffer& out) {
  switch (field.kind) {
    case FieldPlan::Kind::kText: {
      const std::string_view text = perf_data::until_nul(perf_data::as_text(bytes));
      if constexpr (kStyle != EventStyle::kJson) return put_value_text(text, out, room);
      out.put('"');
      put_json_text(text, out, room);
      return out.put('"');
    }
    case FieldPlan::Kind::kArray:
      if (bytes.size() % field.element_size == 0) return put_array(field, bytes, room, out);
      [[fallthrough]];
    default:
      if constexpr (kStyle == EventStyle::kJson) out.put('"');
      put_hex_bytes(bytes, room, out);
      if constexpr (kStyle == EventStyle::kJson) out.put('"');
  }
}

template <EventStyle kStyle>
void EventWriter::write_value(const FieldPlan& field, Bytes payload, std::size_t room, TextBuffer& out) {
  if (field.bytes) {
    const auto bytes = field.bytes->read(payload);
    if (!bytes || bytes->size() > bytes_left_) return out.put("null");
    bytes_left_ -= bytes->size();
    return write_bytes<kStyle>(field, *bytes, room, out);
  }
  const auto value = field.integer.read(payload);
  if (field.kind == FieldPlan::Kind::kBytes || !value) return out.put("null");
  if (kStyle != EventStyle::kJson && field.kind == FieldPlan::Kind::kPointer) {
    return out.put_hex(static_cast<std::uint64_t>(*value));
  }
  put_number(field.kind == FieldPlan::Kind::kSigned, *value, out);
  if (kStyle == EventStyle::kJson || !field.names) return;
  const std::string_view name = field.names->name_of(static_cast<std::uint64_t>(*value), scratch_);
  if (name.empty()) return;
  out.put('(');
  put_bare_text(name, out, room);
  out.put(')');
}

template <EventStyle kStyle>
void EventWriter::write_fields(const EventPlan& plan, const std::vector<FieldPlan>& fields, Bytes payload,
                               TextBuffer& out) {
  for (const FieldPlan& field : fields) {
    out.put(field.label);
    write_value<kStyle>(field, payload, plan.room + kLineRoom, out);
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

void EventWriter::write_text(const PrintableEvent& event, TextBuffer& out) {
  const EventPlan& plan = *event.plan;
  const std::size_t room = plan.room + kLineRoom;
  with_comm(event, [&](std::string_view comm) {
    out.reserve(room + 16);
    // The width counts bytes, as printf's does.
    if (comm.size() < 16) out.fill(16 - comm.size(), ' ');
    put_bare_text(comm, out, room);
  });
  out.put(' ');
  put_right(Decimal(event.pid).text(), 5, out);
  out.put('/');
  put_left(Decimal(event.tid).text(), 5, out);
  out.put(" [");
  put_cpu(event.cpu, out);
  out.put("] ");
  put_right(Decimal(static_cast<std::int64_t>(event.time_ns / kSecond)).text(), 5, out);
  out.put('.');
  out.put_padded(event.time_ns % kSecond, 9);
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
  out.put(R"(,"pid":)");
  put_task_or_null(event.pid, out);
  out.put(R"(,"tid":)");
  put_task_or_null(event.tid, out);
  out.put(R"(,"comm":")");
  with_comm(event, [&](std::string_view comm) { put_json_text(comm, out, room); });
  out.put(R"(",)");
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
  out.put(',');
  if (event.pid != perf_data::kNoTask) out.put_signed(event.pid);
  out.put(',');
  if (event.tid != perf_data::kNoTask) out.put_signed(event.tid);
  out.put(',');
  std::size_t start = out.size();
  with_comm(event, [&](std::string_view comm) { put_bare_text(comm, out, room); });
  quote_csv(out, start);
  out.reserve(room);
  out.put(',');
  out.put(plan.label);
  start = out.size();
  if (is_readable(event)) write_fields<EventStyle::kCsv>(plan, plan.fields, event.payload, out);
  quote_csv(out, start);
  out.reserve(1);
  out.put('\n');
}

}  // namespace sockscope
