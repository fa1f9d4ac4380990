#include "report/events/event_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "parsers/tracepoint/format.h"
#include "report/events/escaping.h"

namespace sockscope {
namespace {

using tracepoint::Field;
using tracepoint::Format;

constexpr std::size_t kMaxPayload = 65'535;  // as much as perf_event_header.size can say
constexpr std::string_view kCommonPrefix = "common_";
constexpr std::string_view kCommonType = "common_type";

std::string escaped(std::string_view text, EventStyle style) {
  TextBuffer out;
  style == EventStyle::kJson ? put_json_text(text, out, 0) : put_bare_text(text, out, 0);
  if (style == EventStyle::kCsv) quote_csv(out, 0);
  return std::string(out.text());
}

FieldPlan plan_field(const Format& format, const Field& field) {
  FieldPlan plan;
  plan.is_signed = field.is_signed;
  if (const auto integer = tracepoint::IntegerField::of(field, format.byte_order)) {
    plan.integer = *integer;
    plan.kind = field.is_pointer  ? FieldPlan::Kind::kPointer
                : field.is_signed ? FieldPlan::Kind::kSigned
                                  : FieldPlan::Kind::kUnsigned;
    auto names = tracepoint::ValueNames::of(format, field.name);
    if (!names.empty()) plan.names = std::move(names);
    return plan;
  }
  plan.bytes = tracepoint::BytesField::of(field, format.byte_order);
  if (field.is_string) {
    plan.kind = FieldPlan::Kind::kText;
  } else if ((field.is_array || field.locator != tracepoint::Locator::kFixed) && tracepoint::has_integers(field)) {
    plan.kind = FieldPlan::Kind::kArray;
    plan.element_size = field.element_size;
    plan.integer = tracepoint::IntegerField(0, field.element_size, field.is_signed, format.byte_order);
  }
  return plan;
}

bool is_common(const Field& field) { return field.name.starts_with(kCommonPrefix); }

// Whether all fields together can be in a record. In a format made to print more, nothing is believed.
bool is_possible(const Format& format) {
  std::size_t bytes = 0;
  for (const Field& field : format.fields) bytes += std::max<std::size_t>(field.size, 1);
  return bytes <= kMaxPayload;
}

void add_field(std::vector<FieldPlan>& fields, FieldPlan plan, const std::string& name, EventStyle style) {
  if (style == EventStyle::kJson) {
    plan.label = Literal(fmt::format(R"({}"{}":)", fields.empty() ? "" : ",", name));
    plan.name = Literal(fmt::format(R"("{}":")", name));
  } else {
    plan.label = Literal(fmt::format("{}{}=", style == EventStyle::kCsv && fields.empty() ? "" : " ", name));
  }
  fields.push_back(std::move(plan));
}

std::size_t room_of(const std::vector<FieldPlan>& fields) {
  std::size_t room = 0;
  for (const FieldPlan& field : fields) {
    room += field.label.text().size() + field.name.text().size() + TextBuffer::kNumber + 4;  // brackets or commas
  }
  return room;
}

Literal event_label(const std::string& name, EventStyle style, std::size_t name_width) {
  switch (style) {
    case EventStyle::kJson:
      return Literal(fmt::format(R"("event":"{}","fields":)", escaped(name, style)));
    case EventStyle::kCsv:
      return Literal(escaped(name, style) + ",");
    case EventStyle::kText:
      break;
  }
  return Literal(fmt::format("{:>{}}:", escaped(name, style), name_width));
}

EventPlan named_plan(std::string name, bool is_tracepoint = true) {
  EventPlan plan;
  plan.name = std::move(name);
  plan.is_tracepoint = is_tracepoint;
  return plan;
}

std::string name_of(const perf_data::Attr& attr, const Format* format) {
  if (!attr.name.empty()) return attr.name;
  if (format != nullptr) return format->full_name();
  return attr.is_tracepoint() ? fmt::format("unknown:{}", attr.config) : fmt::format("{}:{}", attr.type, attr.config);
}

const Format* format_of(const perf_data::Attr& attr, const tracepoint::Catalog* catalog) {
  if (catalog == nullptr || !attr.is_tracepoint() || attr.config > 0xffff) return nullptr;
  return catalog->find(static_cast<std::uint16_t>(attr.config));
}

}  // namespace

EventPlans::EventPlans(const std::vector<perf_data::Attr>& attrs, const tracepoint::Catalog* catalog, EventStyle style)
    : style_(style), attr_count_(attrs.size()) {
  std::vector<EventPlan> named;
  std::size_t name_width = 0;
  for (const perf_data::Attr& attr : attrs) {
    named.push_back(named_plan(name_of(attr, format_of(attr, catalog)), attr.is_tracepoint()));
    name_width = std::max(name_width, named.back().name.size());
  }
  for (std::size_t attr = 0; attr < attrs.size(); ++attr) {
    add(std::move(named[attr]), format_of(attrs[attr], catalog), name_width);
  }
  if (catalog != nullptr) {
    for (const Format& format : catalog->formats()) {
      add(named_plan(format.full_name()), &format, name_width);
      byte_order_ = format.byte_order;
    }
  }
  add(named_plan("unknown"), nullptr, name_width);
}

void EventPlans::add(EventPlan plan, const Format* format, std::size_t name_width) {
  plan.label = event_label(plan.name, style_, name_width);
  if (format != nullptr && is_possible(*format)) {
    plan.has_format = true;
    plan.id = format->id;
    plan.byte_order = format->byte_order;
    for (const Field& field : format->fields) {
      if (field.name == kCommonType || (is_common(field) && style_ != EventStyle::kJson)) continue;
      FieldPlan field_plan = plan_field(*format, field);
      plan.has_names = plan.has_names || (field_plan.names && !is_common(field));
      add_field(is_common(field) ? plan.common_fields : plan.fields, std::move(field_plan), field.name, style_);
    }
  }
  plan.room = room_of(plan.fields) + room_of(plan.common_fields) + plan.label.text().size();
  plans_.push_back(std::move(plan));
}

const EventPlan& EventPlans::plan_of_type(perf_data::Bytes payload) const noexcept {
  if (const auto id = tracepoint::common_type(payload, byte_order_)) {
    for (std::size_t plan = attr_count_; plan + 1 < plans_.size(); ++plan) {
      if (plans_[plan].has_format && plans_[plan].id == *id) return plans_[plan];
    }
  }
  return plans_.back();
}

}  // namespace sockscope
