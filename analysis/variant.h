#pragma once

#include <string>
#include <string_view>

#include "base/protocol.h"

namespace sockscope {

/// One of the things that are compared: a protocol, or whatever --a and --b say.
struct Variant {
  std::string key;          ///< In JSON and in file names: "tcp", "udp"; "a", "b".
  std::string label;        ///< In tables: "TCP", "UDP"; "A", "B".
  std::string description;  ///< What it is, where the label does not say it: "tcp --no-nodelay".
  Protocol protocol = Protocol::kTcp;

  bool operator==(const Variant&) const = default;
};

/// The key of the calibration (workloads/calibration.h): measured as a variant is, but compared with none.
inline constexpr std::string_view kCalibrationKey = "calibration";

/// The variant that is a protocol and nothing else.
inline Variant variant_of(Protocol protocol) {
  return {.key = std::string(name_of(protocol)),
          .label = protocol == Protocol::kTcp ? "TCP" : "UDP",
          .description = {},
          .protocol = protocol};
}

}  // namespace sockscope
