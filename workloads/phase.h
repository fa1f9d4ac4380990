#pragma once

#include <cstdint>

namespace sockscope {

/// The parts of a run. The client tells the server that one of them is over, of the first that it is there.
enum class Phase : std::uint8_t { kMeeting, kWarmUp, kMeasured };

}  // namespace sockscope
