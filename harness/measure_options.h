#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/swept_by.h"
#include "workloads/workload_spec.h"

// NOLINTNEXTLINE(readability-identifier-naming): CLI11 chose the name.
namespace CLI {
class App;
}

namespace sockscope {

/// A list of values of one option: each is measured by itself.
struct SweptOption {
  SweptBy by = SweptBy::kSize;
  std::vector<double> values;
};

/// What a command line asks to be measured. What is absent is the workload's default.
struct MeasureOptions {
  std::uint32_t size = 64;
  std::optional<std::uint64_t> count;  ///< Absent: the workload's, or its smaller one with --quick.
  std::optional<double> duration_s;    ///< Per run, instead of a count.
  std::optional<unsigned> rounds;      ///< Absent: the workload's, or its fewer ones with --quick.
  std::optional<double> until{};       ///< Rounds until the interval reaches no further to either side: 0.02 is 2 %.
  std::uint64_t warm_up = 1'000;
  std::string cpus;  ///< "CLIENT,SERVER"; empty: both on the first allowed CPU.
  std::uint16_t port = 0;
  std::uint32_t timeout_ms = 1'000;
  bool quick = false;
  bool untraced = false;

  WorkloadKind workload = WorkloadKind::kEcho;
  std::optional<SweptOption> sweep{};  ///< Of which the first value is in the option's own member.
  bool has_warm_up = false;            ///< --warm-up was given; else a tenth of a small count.
  SocketOptions socket{};              ///< Without its addresses, which are in `bind`.
  std::string bind{};                  ///< "CLIENT,SERVER", or one for both; empty: loopback.
  bool fifo = false;
  std::uint64_t seed = 1;
  std::string raw_file{};
  std::optional<std::uint32_t> flows{};
  std::optional<std::uint32_t> threads{};
  std::optional<PollMode> poll{};
  bool write_write_read = false;
  std::uint32_t inject_delay_ns = 0;
  std::optional<double> rate{};
  std::string file{};
  std::optional<std::uint32_t> ports{};
  std::optional<Topology> topology{};  ///< Absent: this machine's lo.
};

/// Adds the options to a command of the command line. They refer to `options`, which must outlive it.
void add_measure_options(CLI::App& command, MeasureOptions& options);

/// The same with one of the values of a sweep.
[[nodiscard]] MeasureOptions with_value(const MeasureOptions& options, SweptBy by, double value);

}  // namespace sockscope
