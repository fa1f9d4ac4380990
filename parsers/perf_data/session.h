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
  [[nodiscard]] Outcome decode(const RawRecord& raw, Record& out) const noexcept {
    out.type = raw.type;
    out.misc = raw.misc;
    out.body = raw.body;
    const Outcome outcome = raw.type == record_type::kSample ? decode_sample(out) : decode_other(out);
    if (out.time_ns == kNoTime) [[unlikely]] {
      out.time_ns = 0;
    }
    return outcome;
  }

 private:
  // perf writes all ones where it knows no time (tools/perf/util/session.c).
  static constexpr std::uint64_t kNoTime = ~std::uint64_t{0};

  // Here, not in the source file: both passes over the records spend most of their time in it.
  [[nodiscard]] Outcome decode_sample(Record& out) const noexcept {
    if (tracepoint_ && out.body.size() >= tracepoint_id_at_ + sizeof(std::uint64_t)) [[likely]] {
      out.attr = ids_.find(load<std::uint64_t>(out.body.data() + tracepoint_id_at_));
      if (out.attr < is_tracepoint_.size() && is_tracepoint_[out.attr] != 0) [[likely]] {
        return tracepoint_->decode(out.body, out) ? Outcome::kOk : Outcome::kMalformed;
      }
    }
    return decode_any_sample(out);
  }

  void find_tracepoint_layout();
  [[nodiscard]] Outcome decode_any_sample(Record& out) const noexcept;
  [[nodiscard]] Outcome decode_without_attr(Record& out) const noexcept;
  [[nodiscard]] Outcome decode_other(Record& out) const noexcept;

  std::vector<Attr> attrs_;
  std::vector<SampleLayout> samples_;    // by attr
  std::vector<TrailerLayout> trailers_;  // by attr
  IdTable ids_;
  ByteOrder order_ = ByteOrder::kNative;
  std::optional<SampleLayout> common_sample_;  // of samples without attr; none: attrs differ
  bool one_trailer_layout_ = false;
  bool one_attr_ = false;                    // then there is nothing to tell apart, and ids may be missing altogether
  std::optional<std::size_t> sample_id_at_;  // to tell attrs apart by: the same for all of them, or none

  // The samples that nearly all are: of tracepoints, all in one plain layout, in this machine's byte order.
  std::optional<SampleLayout::Plain> tracepoint_;
  std::size_t tracepoint_id_at_ = 0;
  std::vector<std::uint8_t> is_tracepoint_;  // by attr: it has that layout
};

}  // namespace sockscope::perf_data
