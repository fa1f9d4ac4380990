#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "analysis/gate.h"
#include "analysis/gate_figures.h"
#include "analysis/summary.h"
#include "base/error.h"
#include "base/interrupt.h"

namespace sockscope {

/// One measurement of a plan, as the gate takes it.
struct GateMeasurement {
  std::vector<GateFigure> figures;    ///< Without those that depend on a doubted trace.
  std::vector<GateDoubt> doubts;      ///< Why those are missing.
  std::vector<VariantRuns> variants;  ///< Every run, the calibration's among them.
  Facts environment;
  std::string title;
  double disturbed = 0;  ///< As Baseline::disturbed.
};

/// What a summary brings to the gate.
GateMeasurement gate_measurement(const Summary& summary);

/// Measures a plan once. `keep` is a run directory to leave behind, or empty. kInterrupted if the user stops it: half a
/// measurement is no evidence.
Result<GateMeasurement> measure_for_gate(const std::vector<std::string>& plan, const std::filesystem::path& keep,
                                         const Interrupt& interrupt);

}  // namespace sockscope
