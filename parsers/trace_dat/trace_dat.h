#pragma once

#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "parsers/perf_data/bytes.h"
#include "parsers/trace_dat/time_conversion.h"

namespace sockscope::trace_dat {

using perf_data::Bytes;

/// What one CPU recorded: pages of the kernel's ring buffer, one after another, as a whole or in compressed chunks.
struct CpuBuffer {
  std::uint32_t cpu = 0;
  Bytes bytes;
  bool is_compressed = false;
};

/// A trace.dat of trace-cmd(1), of version 6 or 7 (trace-cmd.dat.v6(5), trace-cmd.dat.v7(5)). All that is in it points
/// into the file or into what was unpacked of it; what is moved still does.
struct TraceDat {
  unsigned version = 0;
  std::string_view header_page;   ///< TRACEFS/events/header_page
  std::string_view header_event;  ///< TRACEFS/events/header_event
  Bytes ftrace_formats;           ///< u32 count, and each as a u64 size and the text
  Bytes event_formats;            ///< u32 count of systems, and each as its name, a u32 count and the formats
  std::string_view kallsyms;
  std::string_view cmdlines;  ///< TRACEFS/saved_cmdlines: a line a task, "pid comm"
  std::uint8_t long_size = 0;
  std::uint32_t page_size = 0;
  std::string clock;     ///< "mono", of TRACEFS/trace_clock; empty if it does not say
  std::string uname;     ///< "Linux host 6.1.0 x86_64"
  std::string recorder;  ///< trace-cmd's version
  TimeConversion time;
  std::size_t instances = 0;  ///< Of ftrace that were recorded, whose buffers are all here.
  std::vector<CpuBuffer> buffers;

  std::list<std::vector<std::byte>> unpacked;  ///< Sections that were compressed.
};

/// Reads what describes the trace. kInput, a clause without the file's name, if it is none, is damaged, or is of a form
/// that cannot be read: the other byte order, another compression than zstd, a clock that does not tell time.
[[nodiscard]] Result<TraceDat> parse_trace_dat(Bytes file);

}  // namespace sockscope::trace_dat
