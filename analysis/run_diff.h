#pragma once

#include <string>
#include <vector>

#include "analysis/summary.h"

namespace sockscope {

/// Something that both runs say of their machine or plan, and not the same; empty where one of them does not say it.
struct DifferentFact {
  std::string name;
  std::string a;
  std::string b;
};

/// One variant of both runs.
struct VariantDiff {
  Variant variant;
  std::vector<ComparedFigure> figures;  ///< `pairs` is the smaller number of runs, which are no pairs.
};

/// Two runs that were made at different times. What differs in their environments and plans comes first: it may be all
/// that differs.
struct RunDiff {
  PairedRule rule;
  std::vector<DifferentFact> environment;
  std::vector<DifferentFact> plan;
  std::vector<VariantDiff> variants;   ///< Those that both runs have, by key.
  std::vector<std::string> only_in_a;  ///< Labels of the others.
  std::vector<std::string> only_in_b;
};

RunDiff diff_runs(const Summary& a, const Summary& b, const PairedRule& rule);

}  // namespace sockscope
