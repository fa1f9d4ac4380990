#include "parsers/tracepoint/format.h"

#include <algorithm>

namespace sockscope::tracepoint {

const Field* Format::find_field(std::string_view field_name) const noexcept {
  const auto at = std::ranges::find(fields, field_name, &Field::name);
  return at == fields.end() ? nullptr : &*at;
}

std::string Format::full_name() const { return system + ":" + name; }

}  // namespace sockscope::tracepoint
