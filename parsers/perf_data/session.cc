#include "parsers/perf_data/session.h"

#include <algorithm>
#include <utility>

#include "parsers/perf_data/abi.h"

namespace sockscope::perf_data {

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
  const bool ids_agree =
      std::ranges::all_of(samples_, [&](const SampleLayout& layout) { return layout.id_at() == first_id_at; });
  one_attr_ = attrs_.size() == 1;
  if (ids_agree && !one_attr_) sample_id_at_ = first_id_at;
  find_tracepoint_layout();
}

void Session::find_tracepoint_layout() {
  if (order_ != ByteOrder::kNative || !sample_id_at_) return;
  const auto plain =
      std::ranges::find_if(samples_, [](const SampleLayout& layout) { return layout.plain().has_value(); });
  if (plain == samples_.end()) return;
  tracepoint_ = plain->plain();
  tracepoint_id_at_ = *sample_id_at_;
  for (const SampleLayout& layout : samples_) is_tracepoint_.push_back(layout.plain() == tracepoint_ ? 1 : 0);
}

Session::Outcome Session::decode_any_sample(Record& out) const noexcept {
  out.attr = one_attr_ ? 0 : kNoAttr;
  if (sample_id_at_) {
    if (out.body.size() < *sample_id_at_ + sizeof(std::uint64_t)) return Outcome::kMalformed;
    out.attr = ids_.find(load<std::uint64_t>(out.body.data() + *sample_id_at_, order_));
  }
  if (out.attr == kNoAttr) return decode_without_attr(out);
  return samples_[out.attr].decode(out.body, order_, out) ? Outcome::kOk : Outcome::kMalformed;
}

Session::Outcome Session::decode_without_attr(Record& out) const noexcept {
  if (!common_sample_) return Outcome::kUnknownLayout;
  return common_sample_->decode(out.body, order_, out) ? Outcome::kOkWithoutAttr : Outcome::kMalformed;
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
  out.attr = one_attr_ ? 0 : kNoAttr;
  if (!one_attr_) {
    if (const auto id = layout->id(out.body, order_)) out.attr = ids_.find(*id);
    if (out.attr != kNoAttr && !one_trailer_layout_) layout = &trailers_[out.attr];
  }
  return layout->decode(out.body, order_, out) ? Outcome::kOk : Outcome::kMalformed;
}

}  // namespace sockscope::perf_data
