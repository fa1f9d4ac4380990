#pragma once

#include <array>
#include <cstddef>

#include "base/protocol.h"

namespace sockscope {

/// Something of each protocol.
template <class T>
class OfProtocols {
 public:
  [[nodiscard]] T& operator[](Protocol protocol) { return values_[static_cast<std::size_t>(protocol)]; }
  [[nodiscard]] const T& operator[](Protocol protocol) const { return values_[static_cast<std::size_t>(protocol)]; }

 private:
  std::array<T, kProtocols.size()> values_{};
};

}  // namespace sockscope
