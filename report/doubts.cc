#include "report/doubts.h"

#include <algorithm>

namespace sockscope {

bool Doubts::about(Protocol protocol, Figures figures) const {
  if (!summary_.data_quality.complete()) return true;
  return std::ranges::any_of(summary_.laws, [&](const Law& law) {
    const bool same_protocol = law.protocol.value_or(protocol) == protocol;
    const bool same_figures =
        law.concerns == figures || law.concerns == Figures::kAllTraced || figures == Figures::kAllTraced;
    return !law.holds && same_protocol && same_figures;
  });
}

bool Doubts::any() const {
  return std::ranges::any_of(summary_.protocols, [this](const ProtocolSummary& protocol) {
    return protocol.traced && about(protocol.protocol, Figures::kAllTraced);
  });
}

std::size_t Doubts::failing_laws() const {
  return static_cast<std::size_t>(std::ranges::count(summary_.laws, false, &Law::holds));
}

}  // namespace sockscope
