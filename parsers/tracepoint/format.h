#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/perf_data/bytes.h"
#include "parsers/tracepoint/field.h"

namespace sockscope::tracepoint {

/// One tracepoint's layout: tracefs events/SYSTEM/NAME/format, read once.
struct Format {
  std::uint16_t id = 0;  ///< common_type of its payloads, perf_event_attr.config.
  std::string system;
  std::string name;
  std::vector<Field> fields;  ///< In the order of the format, the common_ ones first.
  std::string print_fmt;      ///< What follows "print fmt:", untouched and hostile. See symbols.h.
  perf_data::ByteOrder byte_order = perf_data::ByteOrder::kNative;

  /// Null when the tracepoint has no such field, which on another kernel is no error.
  [[nodiscard]] const Field* find_field(std::string_view field_name) const noexcept;
  /// "sched:sched_switch".
  [[nodiscard]] std::string full_name() const;
};

/// common_type, the first field of every tracepoint payload: the id to look up. Nothing when the payload is empty.
[[nodiscard]] inline std::optional<std::uint16_t> common_type(
    perf_data::Bytes payload, perf_data::ByteOrder order = perf_data::ByteOrder::kNative) noexcept {
  if (payload.size() < sizeof(std::uint16_t)) return std::nullopt;
  return perf_data::load<std::uint16_t>(payload.data(), order);
}

}  // namespace sockscope::tracepoint
