#include "report/export/ctf_fields.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "report/export/lttng_names.h"

namespace sockscope {
namespace {

using perf_data::Bytes;
using tracepoint::Field;
using tracepoint::Format;

constexpr std::size_t kMaxPayload = 65'535;  // as much as perf_event_header.size can say

bool is_common(const Field& field) { return field.name.starts_with("common_"); }

// Whether all fields together can be in a record. In a format made to hold more, nothing is believed.
bool is_possible(const Format& format) {
  std::size_t bytes = 0;
  for (const Field& field : format.fields) bytes += std::max<std::size_t>(field.size, 1);
  return bytes <= kMaxPayload;
}

Reference<bt_field_class> number_class(bt_trace_class* trace, std::uint32_t size, bool is_signed, bool is_hex) {
  Reference<bt_field_class> number(is_signed ? bt_field_class_integer_signed_create(trace)
                                             : bt_field_class_integer_unsigned_create(trace));
  if (number == nullptr) return number;
  bt_field_class_integer_set_field_value_range(number.get(), std::uint64_t{8} * size);
  if (is_hex) {
    bt_field_class_integer_set_preferred_display_base(number.get(),
                                                      BT_FIELD_CLASS_INTEGER_PREFERRED_DISPLAY_BASE_HEXADECIMAL);
  }
  return number;
}

void set_number(bt_field* field, bool is_signed, std::int64_t value) {
  is_signed ? bt_field_integer_signed_set_value(field, value)
            : bt_field_integer_unsigned_set_value(field, static_cast<std::uint64_t>(value));
}

}  // namespace

bool set_text(bt_field* field, std::string_view text) {
  bt_field_string_clear(field);
  return bt_field_string_append_with_length(field, text.data(), text.size()) == BT_FIELD_STRING_APPEND_STATUS_OK;
}

CtfFields::CtfFields(const Format& format) {
  if (!is_possible(format)) return;
  for (const Field& field : format.fields) {
    if (!is_common(field)) add(format, field);
  }
  for (const Field& field : format.fields) {
    if (is_common(field) && field.name != "common_type") add(format, field);
  }
}

void CtfFields::add(const Format& format, const Field& field) {
  Member member{.name = std::string(lttng_field_name(format.system, field.name)),
                .is_signed = field.is_signed,
                .is_pointer = field.is_pointer,
                .length = std::nullopt,
                .integer = tracepoint::IntegerField::of(field, format.byte_order),
                .bytes = std::nullopt};
  // babeltrace2 gives up on a structure with two fields of one name.
  while (std::ranges::find(members_, member.name, &Member::name) != members_.end()) member.name += '_';
  if (member.integer) {
    member.kind = Kind::kNumber;
    member.element_size = field.size;
  } else {
    member.bytes = tracepoint::BytesField::of(field, format.byte_order);
    if (field.is_string) {
      member.kind = Kind::kText;
    } else {
      const bool has_numbers = tracepoint::has_integers(field) && field.size % field.element_size == 0 &&
                               (field.is_array || field.locator != tracepoint::Locator::kFixed);
      member.element_size = has_numbers ? field.element_size : 1;
      member.is_signed = has_numbers && field.is_signed;
      member.integer = tracepoint::IntegerField(0, member.element_size, member.is_signed, format.byte_order);
      if (field.locator == tracepoint::Locator::kFixed) member.length = field.size / member.element_size;
    }
  }
  members_.push_back(std::move(member));
}

Reference<bt_field_class> CtfFields::class_of(const Member& member, bt_trace_class* trace) {
  if (member.kind == Kind::kText) return Reference<bt_field_class>(bt_field_class_string_create(trace));
  auto number = number_class(trace, member.element_size, member.is_signed, member.is_pointer);
  if (member.kind == Kind::kNumber || number == nullptr) return number;
  return Reference<bt_field_class>(member.length
                                       ? bt_field_class_array_static_create(trace, number.get(), *member.length)
                                       : bt_field_class_array_dynamic_create(trace, number.get(), nullptr));
}

Reference<bt_field_class> CtfFields::make_class(bt_trace_class* trace) const {
  Reference<bt_field_class> structure(bt_field_class_structure_create(trace));
  if (structure == nullptr) return nullptr;
  for (const Member& member : members_) {
    const auto field = class_of(member, trace);
    if (field == nullptr || bt_field_class_structure_append_member(structure.get(), member.name.c_str(), field.get()) !=
                                BT_FIELD_CLASS_STRUCTURE_APPEND_MEMBER_STATUS_OK) {
      return nullptr;
    }
  }
  return structure;
}

bool CtfFields::set(bt_field* structure, Bytes payload) const {
  bool is_whole = true;
  for (std::size_t index = 0; index < members_.size(); ++index) {
    bt_field* const field = bt_field_structure_borrow_member_field_by_index(structure, index);
    is_whole = set_member(members_[index], field, payload) && is_whole;
  }
  return is_whole;
}

bool CtfFields::set_member(const Member& member, bt_field* field, Bytes payload) {
  if (member.kind == Kind::kNumber) {
    const auto value = member.integer->read(payload);
    set_number(field, member.is_signed, value.value_or(0));
    return value.has_value();
  }
  const auto found = member.bytes ? member.bytes->read(payload) : std::nullopt;
  const Bytes bytes = found.value_or(Bytes());
  if (member.kind == Kind::kText) {
    const std::string_view text = perf_data::until_nul(perf_data::as_text(bytes));
    return set_text(field, text) && found.has_value();
  }
  const std::uint64_t length = member.length.value_or(bytes.size() / member.element_size);
  if (!member.length &&
      bt_field_array_dynamic_set_length(field, length) != BT_FIELD_DYNAMIC_ARRAY_SET_LENGTH_STATUS_OK) {
    return false;
  }
  for (std::uint64_t index = 0; index < length; ++index) {
    const std::size_t at = std::min(bytes.size(), static_cast<std::size_t>(index * member.element_size));
    set_number(bt_field_array_borrow_element_field_by_index(field, index), member.is_signed,
               member.integer->read(bytes.subspan(at)).value_or(0));
  }
  return found.has_value();
}

}  // namespace sockscope
