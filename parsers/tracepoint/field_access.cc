#include "parsers/tracepoint/field_access.h"

namespace sockscope::tracepoint {
namespace {

// A struct's bytes are no numbers, however many there are.
bool is_aggregate(const Field& field) noexcept {
  std::string_view type = field.type;
  for (const std::string_view prefix : {"__data_loc ", "__rel_loc "}) {
    if (type.starts_with(prefix)) type.remove_prefix(prefix.size());
  }
  return !field.is_pointer && (type.starts_with("struct ") || type.starts_with("union "));
}

}  // namespace

bool has_integers(const Field& field) noexcept {
  const std::uint32_t size = field.element_size;
  return !is_aggregate(field) && (size == 1 || size == 2 || size == 4 || size == 8);
}

std::optional<IntegerField> IntegerField::of(const Format& format, std::string_view name) {
  const Field* const field = format.find_field(name);
  return field == nullptr ? std::nullopt : of(*field, format.byte_order);
}

std::optional<IntegerField> IntegerField::of(const Field& field, perf_data::ByteOrder order) {
  if (field.is_array || field.locator != Locator::kFixed || !has_integers(field) || field.element_size != field.size) {
    return std::nullopt;
  }
  return IntegerField(field.offset, field.size, field.is_signed, order);
}

std::optional<BytesField> BytesField::of(const Format& format, std::string_view name) {
  const Field* const field = format.find_field(name);
  return field == nullptr ? std::nullopt : of(*field, format.byte_order);
}

std::optional<BytesField> BytesField::of(const Field& field, perf_data::ByteOrder order) {
  if (field.locator != Locator::kFixed && field.size != sizeof(std::uint32_t)) return std::nullopt;
  return BytesField(field, order);
}

std::optional<StringField> StringField::of(const Format& format, std::string_view name) {
  const Field* const field = format.find_field(name);
  if (field == nullptr || !field->is_string) return std::nullopt;
  const auto bytes = BytesField::of(format, name);
  return bytes ? std::optional(StringField(*bytes)) : std::nullopt;
}

std::optional<IntegerArrayField> IntegerArrayField::of(const Format& format, std::string_view name) {
  const Field* const field = format.find_field(name);
  if (field == nullptr || !field->is_array || field->locator != Locator::kFixed || !has_integers(*field) ||
      field->size % field->element_size != 0) {
    return std::nullopt;
  }
  return IntegerArrayField(*field, format.byte_order);
}

}  // namespace sockscope::tracepoint
