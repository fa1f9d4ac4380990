#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>

#include "base/protocol.h"
#include "harness/program_run.h"
#include "report/events/event_filter.h"
#include "report/events/event_style.h"

/// What a command line asks for, before anything is known of the machine. Defaults are those of --help.
namespace sockscope {

struct MeasureOptions {
  std::uint32_t size = 64;
  std::optional<std::uint64_t> count;  ///< Absent: kDefaultCount, or kQuickCount with --quick.
  std::optional<double> duration_s;    ///< Per run, instead of a count.
  std::optional<unsigned> rounds;      ///< Absent: kDefaultRounds, or 1 with --quick.
  std::uint64_t warm_up = 1'000;
  std::string cpus;  ///< "CLIENT,SERVER"; empty: both on the first allowed CPU.
  std::uint16_t port = 0;
  std::uint32_t timeout_ms = 1'000;
  bool quick = false;
  bool untraced = false;

  static constexpr std::uint64_t kDefaultCount = 10'000;
  static constexpr std::uint64_t kQuickCount = 5'000;
  static constexpr unsigned kDefaultRounds = 5;
};

enum class Format { kTable, kJson };

struct OutputOptions {
  Format format = Format::kTable;
  std::filesystem::path file;  ///< Empty: stdout.
};

struct CompareOptions {
  MeasureOptions measure;
  OutputOptions output;
  std::filesystem::path keep;  ///< Run directory to leave behind; empty: none.
};

struct RecordOptions {
  MeasureOptions measure;
  Protocol protocol = Protocol::kTcp;
  std::filesystem::path directory;
};

/// `record` of somebody's own programs.
struct RecordProgramsOptions {
  ProgramSpec programs;
  std::filesystem::path directory;
};

struct ReportOptions {
  std::filesystem::path path;
  OutputOptions output;
};

struct EventsOptions {
  std::filesystem::path path;
  EventFilter filter;
  EventStyle style = EventStyle::kText;
  std::filesystem::path file;  ///< Empty: stdout.
};

struct DoctorOptions {};

/// --help or --version: print this and be done.
struct ShowText {
  std::string text;
};

using Options = std::variant<CompareOptions, RecordOptions, RecordProgramsOptions, ReportOptions, EventsOptions,
                             DoctorOptions, ShowText>;

}  // namespace sockscope
