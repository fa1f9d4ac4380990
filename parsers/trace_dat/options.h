#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "parsers/trace_dat/trace_dat.h"

namespace sockscope::trace_dat {

/// The ids of options (trace-cmd.dat.v7(5)).
namespace option {
constexpr std::uint16_t kDone = 0;
constexpr std::uint16_t kBuffer = 3;
constexpr std::uint16_t kTraceClock = 4;
constexpr std::uint16_t kUname = 5;
constexpr std::uint16_t kOffset = 7;
constexpr std::uint16_t kVersion = 9;
constexpr std::uint16_t kTscToNs = 14;
constexpr std::uint16_t kHeaderInfo = 16;
constexpr std::uint16_t kFtraceEvents = 17;
constexpr std::uint16_t kEventFormats = 18;
constexpr std::uint16_t kKallsyms = 19;
constexpr std::uint16_t kCmdlines = 21;
}  // namespace option

/// The clock of TRACEFS/trace_clock, "local [global] counter": the one in brackets. Or just one word.
[[nodiscard]] std::string chosen_clock(std::string_view text);

/// Takes an option that says something by itself; others change nothing. False if it is damaged.
[[nodiscard]] bool read_fact(std::uint16_t id, Bytes data, TraceDat& out);

}  // namespace sockscope::trace_dat
