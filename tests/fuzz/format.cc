#include <algorithm>
#include <string_view>

#include "parsers/tracepoint/catalog.h"
#include "parsers/tracepoint/constant_expression.h"
#include "parsers/tracepoint/field_access.h"
#include "parsers/tracepoint/print_fmt.h"
#include "parsers/tracepoint/symbols.h"
#include "parsers/tracepoint/task_state.h"
#include "tests/fuzz/target.h"

// The text of one format, a NUL, and a payload of that event.
namespace sockscope::tracepoint {
namespace {

void use_field(const Format& format, const Field& field, perf_data::Bytes payload) {
  if (const auto integer = IntegerField::of(format, field.name)) static_cast<void>(integer->read(payload));
  if (const auto text = StringField::of(format, field.name)) fuzz::touch(text->read(payload).value_or(""));
  if (const auto bytes = BytesField::of(format, field.name)) {
    fuzz::touch(bytes->read(payload).value_or(perf_data::Bytes()));
  }
  if (const auto array = IntegerArrayField::of(format, field.name)) {
    for (const std::uint32_t index : {0U, array->length() - 1, array->length()}) {
      static_cast<void>(array->read(payload, index));
    }
  }
  const Symbols symbols = Symbols::of(format, field.name);
  for (const auto& [value, name] : symbols.entries()) fuzz::touch(symbols.name_of(value));
}

void use_print_fmt(const Format& format) {
  const TaskState state = TaskState::of(format);
  for (const std::int64_t prev_state : {0L, 1L, 0x100L, -1L}) static_cast<void>(state.text(prev_state));
  static_cast<void>(evaluate_constant(format.print_fmt));
  std::string_view arguments = format.print_fmt;
  while (const auto argument = take_argument(arguments)) static_cast<void>(evaluate_constant(*argument));
}

void run(perf_data::Bytes input) {
  const std::string_view whole = perf_data::as_text(input);
  const perf_data::FormatSource source{.system = "fuzz", .text = perf_data::until_nul(whole)};
  const perf_data::Bytes payload = input.subspan(std::min(source.text.size() + 1, input.size()));
  const auto catalog = Catalog::from_format_texts({&source, 1});
  if (!catalog) return;
  for (const Format& format : catalog->formats()) {
    for (const Field& field : format.fields) use_field(format, field, payload);
    use_print_fmt(format);
  }
}

}  // namespace
}  // namespace sockscope::tracepoint

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sockscope::tracepoint::run(sockscope::fuzz::input_bytes(data, size));
  return 0;
}
