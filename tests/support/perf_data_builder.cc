#include "tests/support/perf_data_builder.h"

#include <algorithm>
#include <utility>

namespace sockscope::test_support {
namespace {

namespace type = perf_data::record_type;

constexpr std::string_view kMagic = "PERFILE2";
constexpr std::size_t kFileHeaderSize = 104;

std::string ids_bytes(const AttrSpec& attr) {
  ByteWriter out;
  for (const std::uint64_t id : attr.ids) out.u64(id);
  return out.str();
}

std::string padded_to_8(std::string bytes) {
  bytes.resize((bytes.size() + 7) / 8 * 8);
  return bytes;
}

}  // namespace

PerfDataBuilder& PerfDataBuilder::attr(AttrSpec attr) {
  attrs_.push_back(std::move(attr));
  return *this;
}

PerfDataBuilder& PerfDataBuilder::record(std::string_view bytes) {
  records_.append(bytes);
  return *this;
}

PerfDataBuilder& PerfDataBuilder::sample(const SampleSpec& sample) {
  return record(sample_bytes(attr_of(sample.id), sample));
}

PerfDataBuilder& PerfDataBuilder::lost(std::uint64_t count, const SampleSpec& who) {
  const std::string body = ByteWriter().u64(who.id).u64(count).str();
  return record(kernel_record_bytes(type::kLost, body, attr_of(who.id), who));
}

PerfDataBuilder& PerfDataBuilder::lost_samples(std::uint64_t count, const SampleSpec& who, std::uint16_t misc) {
  const std::string body = ByteWriter().u64(count).str();
  return record(kernel_record_bytes(type::kLostSamples, body, attr_of(who.id), who, misc));
}

PerfDataBuilder& PerfDataBuilder::comm(std::string_view name, const SampleSpec& who, std::uint16_t misc) {
  const std::string body = ByteWriter().u32(who.pid).u32(who.tid).c_string(name).str();
  return record(kernel_record_bytes(type::kComm, padded_to_8(body), attr_of(who.id), who, misc));
}

PerfDataBuilder& PerfDataBuilder::context_switch(const SampleSpec& who, std::uint16_t misc) {
  return record(kernel_record_bytes(type::kSwitch, "", attr_of(who.id), who, misc));
}

PerfDataBuilder& PerfDataBuilder::finished_round() { return record(record_bytes(type::kFinishedRound, "")); }

PerfDataBuilder& PerfDataBuilder::feature(std::uint64_t bit, std::string payload) {
  features_[bit] = std::move(payload);
  return *this;
}

PerfDataBuilder& PerfDataBuilder::tracing_data(std::string section) {
  return feature(perf_data::feature::kTracingData, std::move(section));
}

const AttrSpec& PerfDataBuilder::attr_of(std::uint64_t id) const {
  const auto has_id = [id](const AttrSpec& attr) { return std::ranges::find(attr.ids, id) != attr.ids.end(); };
  const auto at = std::ranges::find_if(attrs_, has_id);
  return at == attrs_.end() ? attrs_.front() : *at;
}

std::string PerfDataBuilder::event_desc() const {
  ByteWriter out;
  out.u32(static_cast<std::uint32_t>(attrs_.size())).u32(attrs_.front().size);
  for (const AttrSpec& attr : attrs_) {
    out.text(attr_bytes(attr)).u32(static_cast<std::uint32_t>(attr.ids.size()));
    out.header_string(attr.name).text(ids_bytes(attr));
  }
  return out.str();
}

std::map<std::uint64_t, std::string> PerfDataBuilder::all_features() const {
  auto features = features_;
  if (!attrs_.empty()) features.try_emplace(perf_data::feature::kEventDesc, event_desc());
  return features;
}

std::string PerfDataBuilder::file_form(const FileShape& shape) const {
  const auto features = all_features();
  std::string ids;
  for (const AttrSpec& attr : attrs_) ids += ids_bytes(attr);
  const std::size_t entry_size = attrs_.empty() ? 144 : attrs_.front().size + 16;
  const std::size_t attrs_size = entry_size * attrs_.size();
  const std::size_t attrs_at = kFileHeaderSize + (shape.ids_after_attrs ? 0 : ids.size());
  std::size_t ids_at = kFileHeaderSize + (shape.ids_after_attrs ? attrs_size : 0);
  const std::size_t data_at = kFileHeaderSize + attrs_size + ids.size();

  std::uint64_t bits = 0;
  for (const auto& [bit, payload] : features) bits |= std::uint64_t{1} << bit;
  ByteWriter out;
  out.text(kMagic).u64(shape.header_size).u64(entry_size).u64(attrs_at).u64(attrs_size).u64(data_at);
  out.u64(shape.killed ? 0 : records_.size() + shape.add_to_data_size).u64(0).u64(0);
  out.u64(bits).u64(0).u64(0).u64(0);

  ByteWriter entries;
  for (const AttrSpec& attr : attrs_) {
    entries.text(attr_bytes(attr)).u64(ids_at).u64(attr.ids.size() * 8);
    ids_at += attr.ids.size() * 8;
  }
  out.text(shape.ids_after_attrs ? entries.str() + ids : ids + entries.str()).text(records_);
  if (shape.killed) return out.str();

  std::size_t payload_at = out.size() + features.size() * 16;
  for (const auto& [bit, payload] : features) {
    out.u64(payload_at).u64(payload.size());
    payload_at += payload.size();
  }
  for (const auto& [bit, payload] : features) out.text(payload);
  return out.str();
}

std::string PerfDataBuilder::pipe_form() const {
  ByteWriter out;
  out.text(kMagic).u64(16);
  for (const auto& [bit, payload] : features_) {
    if (bit == perf_data::feature::kTracingData) continue;
    out.text(record_bytes(type::kHeaderFeature, ByteWriter().u64(bit).text(padded_to_8(payload)).str()));
  }
  // The end mark's number is the count of features the writer knows: to others one that means something.
  out.text(record_bytes(type::kHeaderFeature, ByteWriter().u64(perf_data::feature::kClockData).str()));
  for (const AttrSpec& attr : attrs_) out.text(record_bytes(type::kHeaderAttr, attr_bytes(attr) + ids_bytes(attr)));
  for (const AttrSpec& attr : attrs_) {
    if (attr.name.empty() || attr.ids.empty()) continue;
    const std::string name = padded_to_8(attr.name + '\0');
    out.text(record_bytes(type::kEventUpdate, ByteWriter().u64(2).u64(attr.ids.front()).text(name).str()));
  }
  if (const auto tracing = features_.find(perf_data::feature::kTracingData); tracing != features_.end()) {
    const std::string section = padded_to_8(tracing->second);
    const auto size = static_cast<std::uint32_t>(section.size());
    out.text(record_bytes(type::kHeaderTracingData, ByteWriter().u32(size).u32(0).str())).text(section);
  }
  return out.text(records_).str();
}

}  // namespace sockscope::test_support
