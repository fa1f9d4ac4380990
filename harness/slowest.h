#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

#include "analysis/slowest_exchanges.h"
#include "base/error.h"

namespace sockscope {

/// Follows the messages of all recordings as follow() does, twice: to find the slowest `most` exchanges that took at
/// least `over_ns`, and to see what happened meanwhile. Memory depends on `most`, not on the recordings. kInput, naming
/// the file, when one cannot be read.
Result<SlowestExchanges> find_slowest(const std::filesystem::path& path, std::size_t most, std::uint64_t over_ns = 0);

}  // namespace sockscope
