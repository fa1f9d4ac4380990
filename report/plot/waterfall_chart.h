#pragma once

#include <string>
#include <vector>

#include "report/plot/screen.h"
#include "report/style.h"
#include "report/waterfall_rows.h"

namespace sockscope {

/// What a waterfall goes from and to: "TCP, mean" and its time.
struct WaterfallEnd {
  std::string label;
  std::string figure;
  double ns = 0;
};

/// A bar a step, each where the one before it ended, with its figure in microseconds and, on a screen that is wide
/// enough, its interval. What is saved, what is added and what may be nothing are drawn in different ways ("-", "+" and
/// "~" in ASCII), what is too little for a bar as a mark. The axis does not begin at 0; a line says what it spans. No
/// line is wider than the screen.
[[nodiscard]] std::vector<std::string> waterfall_chart(const WaterfallEnd& from, const std::vector<WaterfallRow>& steps,
                                                       const WaterfallEnd& to, const Screen& screen,
                                                       const Style& style);

}  // namespace sockscope
