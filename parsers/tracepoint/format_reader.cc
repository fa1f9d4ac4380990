#include "parsers/tracepoint/format_reader.h"

#include <event-parse.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/tracepoint/format_text.h"

namespace sockscope::tracepoint {
namespace {

Locator locator_of(const tep_format_field& field) {
  if ((field.flags & TEP_FIELD_IS_DYNAMIC) == 0) return Locator::kFixed;
  return (field.flags & TEP_FIELD_IS_RELATIVE) != 0 ? Locator::kRelLoc : Locator::kDataLoc;
}

// libtraceevent also calls arrays of u8 text, which hold addresses more often than not.
bool is_char_array(std::string_view type) {
  for (const std::string_view prefix : {"__data_loc ", "__rel_loc ", "const "}) {
    if (type.starts_with(prefix)) type.remove_prefix(prefix.size());
  }
  type = type.substr(0, type.find('['));
  return type == "char" || type == "char ";
}

// A mask of CPUs, `__data_loc cpumask_t`, is an array of longs; libtraceevent knows sizes of C's own types only.
std::uint32_t element_size_of(const tep_format_field& field, std::uint32_t long_size) {
  const bool is_mask = std::string_view(field.type).ends_with("cpumask_t");
  return is_mask && (field.flags & TEP_FIELD_IS_DYNAMIC) != 0 ? long_size
                                                              : static_cast<std::uint32_t>(field.elementsize);
}

Field copy_field(const tep_format_field& field, std::uint32_t long_size) {
  Field copy;
  copy.name = field.name;
  copy.type = field.type;
  copy.offset = static_cast<std::uint32_t>(field.offset);
  copy.size = static_cast<std::uint32_t>(field.size);
  copy.element_size = element_size_of(field, long_size);
  copy.is_signed = (field.flags & TEP_FIELD_IS_SIGNED) != 0;
  copy.is_array = (field.flags & TEP_FIELD_IS_ARRAY) != 0;
  copy.is_string = copy.is_array && is_char_array(copy.type);
  copy.is_pointer = (field.flags & TEP_FIELD_IS_POINTER) != 0;
  copy.locator = locator_of(field);
  return copy;
}

void copy_fields(const tep_format_field* field, std::uint32_t long_size, std::vector<Field>& out) {
  for (; field != nullptr; field = field->next) out.push_back(copy_field(*field, long_size));
}

struct Free {
  void operator()(tep_handle* handle) const noexcept { tep_free(handle); }
};

}  // namespace

FormatReader::FormatReader(int long_size, perf_data::ByteOrder order) noexcept : long_size_(long_size), order_(order) {
  tep_set_loglevel(TEP_LOG_NONE);
}

Result<Format> FormatReader::read(const perf_data::FormatSource& source) {
  // One for each format: where the library has it find its place among thousands, each takes longer than the one
  // before. No plugins, ever: under sudo they would be code from a directory of the user's.
  const std::unique_ptr<tep_handle, Free> handle(tep_alloc());
  if (!handle) return fail(ErrorKind::kEnvironment, "libtraceevent: out of memory");
  tep_set_long_size(handle.get(), long_size_);
  if (!is_trace_name(source.system)) return fail(ErrorKind::kInput, "its system has no proper name");
  auto checked = check_format_text(source.text);
  if (!checked) return pass_on(checked);
  if (!seen_.insert(checked->id).second) return fail(ErrorKind::kInput, "its id {} is another's", checked->id);

  const std::string system(source.system);
  const auto length = static_cast<unsigned long>(checked->sanitized.size());
  const tep_errno error = tep_parse_event(handle.get(), checked->sanitized.c_str(), length, system.c_str());
  const tep_event* const event = tep_find_event(handle.get(), checked->id);
  if (error != TEP_ERRNO__SUCCESS || event == nullptr) {
    return fail(ErrorKind::kInput, "libtraceevent cannot read it (error {})", static_cast<int>(error));
  }
  Format format;
  format.id = checked->id;
  format.system = system;
  format.name = checked->name;
  const auto long_size = static_cast<std::uint32_t>(long_size_);
  copy_fields(event->format.common_fields, long_size, format.fields);
  copy_fields(event->format.fields, long_size, format.fields);
  if (format.fields.size() != checked->field_count) {
    return fail(ErrorKind::kInput, "libtraceevent sees {} of its {} fields", format.fields.size(),
                checked->field_count);
  }
  format.print_fmt = checked->print_fmt;
  format.byte_order = order_;
  return format;
}

}  // namespace sockscope::tracepoint
