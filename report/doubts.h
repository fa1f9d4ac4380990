#pragma once

#include <cstddef>

#include "analysis/summary.h"

namespace sockscope {

/// Which figures of a summary cannot be taken at their word: all traced ones if events are missing from the recording,
/// otherwise those that depend on a law that fails. Refers to the summary it was made from.
class Doubts {
 public:
  explicit Doubts(const Summary& summary) : summary_(summary) {}

  /// Whether to mark these figures of a variant. Figures::kAllTraced asks about any traced figure.
  [[nodiscard]] bool about(const Variant& variant, Figures figures) const;

  /// Whether any figure of any variant is to be marked.
  [[nodiscard]] bool any() const;

  [[nodiscard]] std::size_t failing_laws() const;

 private:
  const Summary& summary_;
};

}  // namespace sockscope
