#pragma once

#include <span>
#include <string>
#include <vector>

#include "analysis/variant.h"
#include "base/error.h"
#include "harness/measure_options.h"

namespace sockscope {

/// One of the things to be compared, and what is measured of it.
struct VariantOptions {
  Variant variant;
  MeasureOptions measure;
};

/// The same over each of these protocols.
std::vector<VariantOptions> of_protocols(const MeasureOptions& measure, std::span<const Protocol> protocols);

/// What --a and --b say: "tcp --no-nodelay" is the protocol and the options in which it departs from `measure`, written
/// as on a command line. kUsage, naming the option, if one of them does not parse.
Result<std::vector<VariantOptions>> of_descriptions(const MeasureOptions& measure, const std::string& a,
                                                    const std::string& b);

/// What a comparison compares: of_descriptions(), or, where both are empty, TCP and UDP.
Result<std::vector<VariantOptions>> variants_of(const MeasureOptions& measure, const std::string& a,
                                                const std::string& b);

}  // namespace sockscope
