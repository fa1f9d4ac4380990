#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>

#include "base/protocol.h"
#include "harness/gate_options.h"
#include "harness/measure_options.h"
#include "harness/program_run.h"
#include "harness/trace_options.h"
#include "report/events/event_filter.h"
#include "report/events/event_style.h"
#include "workloads/netcat/netcat.h"

/// What a command line asks for, before anything is known of the machine. Defaults are those of --help.
namespace sockscope {

/// How to write: for people, for programs, for a browser; and of `report` alone, for other programs what is in the
/// recordings (harness/export_command.h), or who called whom (harness/call_report_command.h).
enum class Format { kTable, kJson, kHtml, kCsv, kJsonLines, kPerfetto, kCtf, kFolded, kTree };

struct OutputOptions {
  Format format = Format::kTable;
  std::filesystem::path file;  ///< Empty: stdout.
  bool plot = false;           ///< Pictures of text in the place of the table.
};

struct CompareOptions {
  MeasureOptions measure;
  TraceOptions trace;
  std::string a;  ///< What is compared, as of_descriptions() takes it; both empty: TCP and UDP.
  std::string b;
  bool calibrate = false;  ///< Beside a loop without sockets, as the gate does.
  OutputOptions output;
  std::filesystem::path keep;  ///< Run directory to leave behind; empty: none.
};

struct RecordOptions {
  MeasureOptions measure;
  /// Everything, since the recording is what is wanted: `report` finds the flows of a file that no run describes.
  TraceOptions trace{.events = "lab", .capture = {}};
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

/// Two run directories.
struct DiffOptions {
  std::filesystem::path a;
  std::filesystem::path b;
  OutputOptions output;
};

/// All topologies, both protocols.
struct TopologiesOptions {
  MeasureOptions measure;
  TraceOptions trace;
  bool with_functions = false;
  OutputOptions output;
};

struct SlowOptions {
  std::filesystem::path path;
  std::size_t top = 10;
  std::uint64_t over_ns = 0;
  OutputOptions output;
};

/// What tells `functions` which functions there were.
enum class FunctionSource {
  kPerf,    ///< The call chains of events.
  kFtrace,  ///< Every call, by function_graph.
};

struct FunctionCapture {
  FunctionSource with = FunctionSource::kPerf;
  std::vector<std::string> filter;  ///< Of kFtrace: whose calls, as set_ftrace_filter takes them; empty: everyone's.
};

/// Which kernel functions each of two variants goes through.
struct FunctionsOptions {
  /// What is recorded: paced messages one way by default, in which each protocol does all that it does for a message.
  CompareOptions plan{.measure = {.workload = WorkloadKind::kMessage}, .trace = {.events = "stacks", .capture = {}}};
  FunctionCapture capture;
  double min_rate = 0.2;            ///< As FunctionRule's.
  std::filesystem::path directory;  ///< To be reported again, without recording; empty: record.
};

struct EventsOptions {
  std::filesystem::path path;
  EventFilter filter;
  EventStyle style = EventStyle::kText;
  std::filesystem::path file;  ///< Empty: stdout.
};

struct DoctorOptions {};

struct LttngScriptOptions {
  std::filesystem::path file;  ///< Empty: stdout.
};

/// --help or --version: print this and be done.
struct ShowText {
  std::string text;
};

using Options = std::variant<CompareOptions, RecordOptions, RecordProgramsOptions, BaselineOptions, GateOptions,
                             ReportOptions, DiffOptions, SlowOptions, FunctionsOptions, EventsOptions, DoctorOptions,
                             LttngScriptOptions, netcat::Options, ShowText, TopologiesOptions>;

}  // namespace sockscope
