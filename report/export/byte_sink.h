#pragma once

#include <functional>
#include <string_view>

namespace sockscope {

/// Takes the next bytes of an output.
using ByteSink = std::function<void(std::string_view)>;

}  // namespace sockscope
