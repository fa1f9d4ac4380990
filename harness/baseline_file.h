#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/baseline.h"
#include "analysis/summary.h"
#include "base/error.h"

/// Baselines as files: small JSON that is reviewed like code, a line a figure (results/README.md has the keys).
namespace sockscope {

/// The file's whole text.
std::string baseline_text(const Baseline& baseline);

/// kInput, naming the file, if it cannot be read, is damaged or of another schema.
Result<Baseline> load_baseline(const std::filesystem::path& path);

/// Where a baseline is kept unless -o says otherwise: results/baselines/NAME.<fingerprint>.json.
std::filesystem::path baseline_path(std::string_view name, const Facts& machine);

/// What --baseline means: a file; of a directory the one of this machine; or a name. kEnvironment if there is none for
/// this machine; kUsage if there are several, and which.
Result<std::filesystem::path> find_baseline(const std::string& text, const Facts& machine);

/// What an update changes, a line a figure: "tcp.syscalls: 4.000 -> 5.000".
std::vector<std::string> baseline_changes(const Baseline& before, const Baseline& after);

}  // namespace sockscope
