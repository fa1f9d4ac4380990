#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "parsers/perf_data/attr.h"
#include "parsers/perf_data/id_table.h"
#include "parsers/perf_data/record.h"
#include "parsers/perf_data/record_walker.h"
#include "parsers/perf_data/sample_layout.h"
#include "parsers/perf_data/trailer_layout.h"

namespace sockscope::perf_data {

/// Which attr a record belongs to and how that makes it read: the one place where a RawRecord becomes a Record.
class Session {
 public:
  enum class Outcome {
    kOk,
    kOkWithoutAttr,  ///< A sample whose id no attr has, readable because all attrs have one layout.
    kUnknownType,    ///< Not a record type this reader knows.
    kUnknownLayout,  ///< A sample whose id no attr has, and attrs differ.
    kMalformed,      ///< Shorter than its attr says.
  };

  [[nodiscard]] static constexpr bool is_delivered(Outcome outcome) noexcept {
    return outcome == Outcome::kOk || outcome == Outcome::kOkWithoutAttr;
  }

  Session() = default;
  Session(std::vector<Attr> attrs, ByteOrder order);

  [[nodiscard]] const std::vector<Attr>& attrs() const noexcept { return attrs_; }
  [[nodiscard]] ByteOrder byte_order() const noexcept { return order_; }

  /// Reads `raw` into `out`, which is unspecified unless the outcome is a delivered one.
  [[nodiscard]] Outcome decode(const RawRecord& raw, Record& out) const noexcept;

 private:
  [[nodiscard]] Outcome decode_sample(Record& out) const noexcept;
  [[nodiscard]] Outcome decode_other(Record& out) const noexcept;

  std::vector<Attr> attrs_;
  std::vector<SampleLayout> samples_;    // by attr
  std::vector<TrailerLayout> trailers_;  // by attr
  IdTable ids_;
  ByteOrder order_ = ByteOrder::kNative;
  std::optional<SampleLayout> common_sample_;  // of samples without attr; none: attrs differ
  bool one_trailer_layout_ = false;
  std::optional<std::size_t> sample_id_at_;  // the same for all attrs, or none
};

}  // namespace sockscope::perf_data
