#pragma once

#include "base/error.h"
#include "base/interrupt.h"
#include "harness/options.h"

/// The commands of sockscope. Each returns its exit status, or an error whose kind gives one.
namespace sockscope {

Result<int> run_command(const CompareOptions& options, const Interrupt& interrupt);
Result<int> run_command(const RecordOptions& options, const Interrupt& interrupt);
Result<int> run_command(const RecordProgramsOptions& options, const Interrupt& interrupt);
Result<int> run_command(const BaselineOptions& options, const Interrupt& interrupt);
Result<int> run_command(const GateOptions& options, const Interrupt& interrupt);
Result<int> run_command(const ReportOptions& options, const Interrupt& interrupt);
Result<int> run_command(const DiffOptions& options, const Interrupt& interrupt);
Result<int> run_command(const SlowOptions& options, const Interrupt& interrupt);
Result<int> run_command(const FunctionsOptions& options, const Interrupt& interrupt);
Result<int> run_command(const EventsOptions& options, const Interrupt& interrupt);
Result<int> run_command(const DoctorOptions& options, const Interrupt& interrupt);
Result<int> run_command(const LttngScriptOptions& options, const Interrupt& interrupt);
Result<int> run_command(const netcat::Options& options, const Interrupt& interrupt);
Result<int> run_command(const TopologiesOptions& options, const Interrupt& interrupt);
Result<int> run_command(const ShowText& options, const Interrupt& interrupt);

/// docs/architecture.md, "exit status".
int exit_status_of(ErrorKind kind);

}  // namespace sockscope
