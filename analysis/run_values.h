#pragma once

#include <cstddef>
#include <vector>

#include "analysis/bootstrap.h"

namespace sockscope {

/// One figure of a variant's runs, and what of it a resample comes to without copying it.
class RunValues {
 public:
  explicit RunValues(std::vector<double> values);

  std::size_t size() const { return values_.size(); }

  double mean(TimesDrawn times_drawn) const;

  /// Between two values in a straight line, as numpy and R have it by default.
  double quantile(double share, TimesDrawn times_drawn) const;

 private:
  std::vector<double> values_;
  std::vector<std::size_t> ascending_;  ///< Indices of the values.
};

}  // namespace sockscope
