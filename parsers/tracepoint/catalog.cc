#include "parsers/tracepoint/catalog.h"

#include <algorithm>
#include <utility>

#include "parsers/tracepoint/format_reader.h"
#include "parsers/tracepoint/format_text.h"

namespace sockscope::tracepoint {
namespace {

// The name of a format that could not be read, as far as it has one.
std::string name_for_report(const perf_data::FormatSource& source) {
  constexpr std::string_view prefix = "name: ";
  std::string_view line = source.text.substr(0, source.text.find('\n'));
  line.remove_prefix(line.starts_with(prefix) ? prefix.size() : line.size());
  const auto proper = [](std::string_view name) { return is_trace_name(name) ? name : std::string_view("?"); };
  return fmt::format("{}:{}", proper(source.system), proper(line));
}

}  // namespace

Result<Catalog> Catalog::from(const perf_data::TracingData& tracing_data) {
  if (tracing_data.long_size != 4 && tracing_data.long_size != 8) {
    return fail(ErrorKind::kInput, "tracing data of a kernel whose long has {} bytes: damaged", tracing_data.long_size);
  }
  Catalog catalog;
  FormatReader reader(tracing_data.long_size, tracing_data.byte_order);
  for (const perf_data::FormatSource& source : tracing_data.formats) {
    auto format = reader.read(source);
    if (format) {
      catalog.add(std::move(*format));
    } else if (format.error().kind == ErrorKind::kInput) {
      catalog.rejected_.push_back({name_for_report(source), std::move(format).error().message});
    } else {
      return pass_on(format);
    }
  }
  return catalog;
}

Result<Catalog> Catalog::from_format_texts(std::span<const perf_data::FormatSource> formats) {
  return from({.long_size = sizeof(long), .formats = {formats.begin(), formats.end()}});
}

const Format* Catalog::find(std::string_view system, std::string_view name) const noexcept {
  const auto at = std::ranges::find_if(
      formats_, [&](const Format& format) { return format.name == name && format.system == system; });
  return at == formats_.end() ? nullptr : &*at;
}

void Catalog::add(Format format) {
  if (format.id >= by_id_.size()) by_id_.resize(format.id + 1U, kNone);
  by_id_[format.id] = static_cast<std::uint32_t>(formats_.size());
  formats_.push_back(std::move(format));
}

}  // namespace sockscope::tracepoint
