#pragma once

#include <string>
#include <vector>

#include "analysis/summary.h"
#include "report/sweep.h"

namespace sockscope {

/// The report for programs: pretty-printed JSON in pure ASCII with a trailing line feed, schema "sockscope.compare/1"
/// or "sockscope.report/1", every key described in results/README.md. The same summary gives the same bytes. What was
/// not measured has no key; bytes that are no UTF-8 become U+FFFD.
[[nodiscard]] std::string render_json(const Summary& summary);

/// Several of them, of a list of values, in one object: schema "sockscope.sweep/1", with the reports and, of each
/// variant, a series of what they come to.
[[nodiscard]] std::string render_json_sweep(const Sweep& sweep);

}  // namespace sockscope
