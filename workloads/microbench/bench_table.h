#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <vector>

namespace sockscope {

/// The results as one table, when all are there: time of a message or call, its ratio to the floor (a message through
/// an eventfd in the same placement: what handing over costs by itself), switches, skbs and system calls. Of
/// repetitions it takes the medians. Meanwhile it says on a terminal how far it is.
class BenchTable : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context& context) override;
  void ReportRuns(const std::vector<Run>& runs) override;
  void Finalize() override;

 private:
  struct Row {
    std::string name;
    std::int64_t place = 0;  ///< In the order of registration: repetitions come in any.
    double time_ns = 0;
    std::vector<std::string> counts;  ///< By kCounts.
    std::string trouble;              ///< Why there is no time.
  };

  [[nodiscard]] std::string ratio_to_floor(const Row& row) const;

  std::vector<Row> rows_;
};

}  // namespace sockscope
