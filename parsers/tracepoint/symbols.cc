#include "parsers/tracepoint/symbols.h"

#include "parsers/tracepoint/name_calls.h"
#include "parsers/tracepoint/print_fmt.h"

namespace sockscope::tracepoint {

Symbols Symbols::of(const Format& format, std::string_view field) {
  Symbols symbols;
  const auto calls = name_calls(format.print_fmt);
  for (const bool is_flags : {false, true}) {
    for (const NameCall& call : calls) {
      if (call.is_flags != is_flags || !mentions_field(call.value, field)) continue;
      for (const auto& [value, name] : call.names) symbols.entries_.try_emplace(value, name);
      if (!symbols.empty()) return symbols;
    }
  }
  return symbols;
}

std::string_view Symbols::name_of(std::uint64_t value) const noexcept {
  const auto at = entries_.find(value);
  return at == entries_.end() ? std::string_view() : at->second;
}

}  // namespace sockscope::tracepoint
