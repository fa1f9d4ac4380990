#include "parsers/perf_data/session.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "parsers/perf_data/abi.h"

namespace sockscope::perf_data {
namespace {

// perf writes all ones where it knows no time (tools/perf/util/session.c).
constexpr std::uint64_t kNoTime = std::numeric_limits<std::uint64_t>::max();

}  // namespace

Session::Session(std::vector<Attr> attrs, ByteOrder order) : attrs_(std::move(attrs)), ids_(attrs_), order_(order) {
  for (const Attr& attr : attrs_) {
    samples_.emplace_back(attr.sample_type, attr.read_format, attr.is_tracepoint());
    trailers_.emplace_back(attr.sample_type, attr.has_sample_id_all());
  }
  if (attrs_.empty()) return;
  const Attr& first = attrs_.front();
  const bool samples_agree = std::ranges::all_of(attrs_, [&](const Attr& attr) {
    return attr.sample_type == first.sample_type && attr.read_format == first.read_format;
  });
  if (samples_agree) common_sample_.emplace(first.sample_type, first.read_format, true);
  one_trailer_layout_ =
      std::ranges::all_of(trailers_, [this](const TrailerLayout& layout) { return layout == trailers_.front(); });
  const auto first_id_at = samples_.front().id_at();
  if (std::ranges::all_of(samples_, [&](const SampleLayout& layout) { return layout.id_at() == first_id_at; })) {
    sample_id_at_ = first_id_at;
  }
}

Session::Outcome Session::decode(const RawRecord& raw, Record& out) const noexcept {
  out.type = raw.type;
  out.misc = raw.misc;
  out.body = raw.body;
  const Outcome outcome = raw.type == record_type::kSample ? decode_sample(out) : decode_other(out);
  if (out.time_ns == kNoTime) out.time_ns = 0;
  return outcome;
}

Session::Outcome Session::decode_sample(Record& out) const noexcept {
  if (attrs_.empty()) return Outcome::kUnknownLayout;
  // With one attr there is nothing to tell apart, and its ids may be missing altogether.
  out.attr = attrs_.size() == 1 ? 0 : kNoAttr;
  if (attrs_.size() > 1 && sample_id_at_) {
    if (out.body.size() < *sample_id_at_ + sizeof(std::uint64_t)) return Outcome::kMalformed;
    out.attr = ids_.find(load<std::uint64_t>(out.body.data() + *sample_id_at_, order_));
  }
  if (out.attr == kNoAttr && !common_sample_) return Outcome::kUnknownLayout;
  const SampleLayout& layout = out.attr == kNoAttr ? *common_sample_ : samples_[out.attr];
  if (!layout.decode(out.body, order_, out)) return Outcome::kMalformed;
  return out.attr == kNoAttr ? Outcome::kOkWithoutAttr : Outcome::kOk;
}

Session::Outcome Session::decode_other(Record& out) const noexcept {
  out.time_ns = 0;
  out.cpu = kNoCpu;
  out.pid = out.tid = kNoTask;
  out.attr = kNoAttr;
  out.payload = out.body;
  if (!record_type::is_known(out.type)) return Outcome::kUnknownType;
  if (out.type >= record_type::kFirstUser || attrs_.empty()) return Outcome::kOk;
  const TrailerLayout* layout = &trailers_.front();
  if (out.body.size() < layout->size()) return Outcome::kMalformed;
  out.attr = attrs_.size() == 1 ? 0 : kNoAttr;
  if (attrs_.size() > 1) {
    if (const auto id = layout->id(out.body, order_)) out.attr = ids_.find(*id);
    if (out.attr != kNoAttr && !one_trailer_layout_) layout = &trailers_[out.attr];
  }
  return layout->decode(out.body, order_, out) ? Outcome::kOk : Outcome::kMalformed;
}

}  // namespace sockscope::perf_data
