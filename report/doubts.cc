#include "report/doubts.h"

#include <algorithm>

namespace sockscope {

bool Doubts::about(const Variant& variant, Figures figures) const {
  if (!summary_.data_quality.complete()) return true;
  return std::ranges::any_of(summary_.laws, [&](const Law& law) {
    const bool same_variant = law.variant.empty() || law.variant == variant.key;
    const bool same_figures =
        law.concerns == figures || law.concerns == Figures::kAllTraced || figures == Figures::kAllTraced;
    return !law.holds && same_variant && same_figures;
  });
}

bool Doubts::any() const {
  return std::ranges::any_of(summary_.variants, [this](const VariantSummary& side) {
    return side.traced && about(side.variant, Figures::kAllTraced);
  });
}

std::size_t Doubts::failing_laws() const {
  return static_cast<std::size_t>(std::ranges::count(summary_.laws, false, &Law::holds));
}

}  // namespace sockscope
