#include "parsers/perf_data/id_table.h"

#include <algorithm>

namespace sockscope::perf_data {
namespace {

// A table may be this many times larger than the ids in it, other programs having taken the ids between.
constexpr std::uint64_t kMaxSparseness = 16;

}  // namespace

IdTable::IdTable(const std::vector<Attr>& attrs) {
  for (std::size_t index = 0; index < attrs.size(); ++index) {
    for (const std::uint64_t id : attrs[index].ids) sparse_.emplace_back(id, static_cast<std::uint32_t>(index));
  }
  std::ranges::sort(sparse_);
  const auto same_id = [](const auto& one, const auto& other) { return one.first == other.first; };
  sparse_.erase(std::ranges::unique(sparse_, same_id).begin(), sparse_.end());
  if (sparse_.empty()) return;

  const std::uint64_t range = sparse_.back().first - sparse_.front().first;
  if (range / kMaxSparseness >= sparse_.size()) return;
  first_id_ = sparse_.front().first;
  dense_.assign(static_cast<std::size_t>(range) + 1, kNone);
  for (const auto& [id, attr] : sparse_) dense_[static_cast<std::size_t>(id - first_id_)] = attr;
  sparse_ = {};
}

std::size_t IdTable::search(std::uint64_t id) const noexcept {
  const auto at = std::ranges::lower_bound(sparse_, id, {}, &std::pair<std::uint64_t, std::uint32_t>::first);
  return at != sparse_.end() && at->first == id ? at->second : kNoAttr;
}

}  // namespace sockscope::perf_data
