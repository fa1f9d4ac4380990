#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "parsers/perf_data/tracing_data.h"
#include "parsers/tracepoint/format.h"

namespace sockscope::tracepoint {

/// A format that was left out, and why.
struct RejectedFormat {
  std::string name;  ///< "system:name", or "system:?" when not even the name could be read.
  std::string reason;
};

/// The tracepoints of a recording or of this machine, by id and by name. Formats are read once, through libtraceevent
/// behind a strict check of their text; after that nothing of libtraceevent is left.
class Catalog {
 public:
  /// From the formats a recording carries. A format that does not pass is left out and listed in rejected(); kInput
  /// only when the tracing data as a whole makes no sense (sizes no kernel has).
  [[nodiscard]] static Result<Catalog> from(const perf_data::TracingData& tracing_data);

  /// From format texts of this machine, for instance read from tracefs.
  [[nodiscard]] static Result<Catalog> from_format_texts(std::span<const perf_data::FormatSource> formats);

  /// By common_type: one table look-up. Null when the recording does not describe it.
  [[nodiscard]] const Format* find(std::uint16_t id) const noexcept {
    return id < by_id_.size() && by_id_[id] != kNone ? &formats_[by_id_[id]] : nullptr;
  }

  [[nodiscard]] const Format* find(std::string_view system, std::string_view name) const noexcept;

  [[nodiscard]] const std::vector<Format>& formats() const noexcept { return formats_; }
  [[nodiscard]] const std::vector<RejectedFormat>& rejected() const noexcept { return rejected_; }

 private:
  static constexpr std::uint32_t kNone = 0xffffffff;

  Catalog() = default;
  void add(Format format);

  std::vector<Format> formats_;
  std::vector<std::uint32_t> by_id_;  // index into formats_; as long as the highest id + 1
  std::vector<RejectedFormat> rejected_;
};

}  // namespace sockscope::tracepoint
