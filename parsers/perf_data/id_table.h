#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "parsers/perf_data/attr.h"
#include "parsers/perf_data/record.h"

namespace sockscope::perf_data {

/// Sample id -> index of its attr; asked for each record. The kernel counts ids up, so that those of one recording lie
/// close together and a plain table does; ids that are spread out (or made to be) are searched instead.
class IdTable {
 public:
  IdTable() = default;
  explicit IdTable(const std::vector<Attr>& attrs);

  /// Index into the attrs, or kNoAttr. Of two attrs that claim one id, the first has it.
  [[nodiscard]] std::size_t find(std::uint64_t id) const noexcept {
    if (id - first_id_ < dense_.size()) [[likely]] {
      const std::uint32_t attr = dense_[static_cast<std::size_t>(id - first_id_)];
      return attr == kNone ? kNoAttr : attr;
    }
    return search(id);
  }

 private:
  static constexpr std::uint32_t kNone = 0xffffffff;

  [[nodiscard]] std::size_t search(std::uint64_t id) const noexcept;

  std::uint64_t first_id_ = 0;
  std::vector<std::uint32_t> dense_;                             // by id - first_id_; empty if ids are spread out
  std::vector<std::pair<std::uint64_t, std::uint32_t>> sparse_;  // sorted by id; empty if dense_ is used
};

}  // namespace sockscope::perf_data
