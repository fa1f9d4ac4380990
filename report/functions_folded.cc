#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <iterator>

#include "base/printable.h"
#include "report/functions_report.h"

namespace sockscope {
namespace {

std::int64_t in_a_million(double per_message) { return std::llround(per_message * 1e6); }

}  // namespace

std::string render_functions_folded(const FunctionsReport& report) {
  std::string lines;
  for (const ComparedStack& stack : report.stacks) {
    fmt::format_to(std::back_inserter(lines), "{} {} {}\n", printable(fmt::format("{}", fmt::join(stack.frames, ";"))),
                   in_a_million(stack.rates[0]), in_a_million(stack.rates[1]));
  }
  return lines;
}

}  // namespace sockscope
