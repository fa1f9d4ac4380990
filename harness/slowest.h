#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>

#include "analysis/slowest_exchanges.h"
#include "base/error.h"
#include "harness/trace_listener.h"

namespace sockscope {

/// The slowest `most` exchanges of recordings that took at least `over_ns`, and what happened meanwhile, in two passes.
/// Memory depends on `most`, not on the recordings.
class SlowestSearch {
 public:
  explicit SlowestSearch(std::size_t most, std::uint64_t over_ns = 0);
  SlowestSearch(const SlowestSearch&) = delete;
  SlowestSearch(SlowestSearch&&) noexcept;
  SlowestSearch& operator=(const SlowestSearch&) = delete;
  SlowestSearch& operator=(SlowestSearch&&) noexcept;
  ~SlowestSearch();

  /// Of the first pass, which finds which ones they are: by follow(), or while the recordings are summarised.
  [[nodiscard]] TraceListener& listener();

  /// The second pass over the same recordings. kInput, naming the file, when one cannot be read.
  Result<SlowestExchanges> finish(const std::filesystem::path& path);

 private:
  class Ranking;
  std::unique_ptr<Ranking> first_;
};

/// Both passes.
Result<SlowestExchanges> find_slowest(const std::filesystem::path& path, std::size_t most, std::uint64_t over_ns = 0);

}  // namespace sockscope
