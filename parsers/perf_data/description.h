#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "parsers/perf_data/attr.h"
#include "parsers/perf_data/file_info.h"
#include "parsers/perf_data/tracing_data.h"

namespace sockscope::perf_data {

/// The name of an event as EVENT_DESC or EVENT_UPDATE gives it, before it has been brought to its attr.
struct EventName {
  std::string name;
  std::optional<std::uint64_t> id;  ///< One of the attr's ids; none: the attr at the same place in the list.
};

/// Everything in a recording that is not a record of what happened: collected from the sections of the file form or
/// from the first records of the pipe form.
struct Description {
  FileInfo info;
  std::vector<Attr> attrs;
  std::vector<EventName> event_names;
  std::optional<TracingData> tracing_data;
  std::string no_tracing_data;     ///< Why there is none; empty when there is, or the recording never had any.
  std::uint64_t bad_sections = 0;  ///< Parts that make no sense and were left out.
};

/// Takes over a TRACING_DATA section, or the reason why it is of no use.
void set_tracing_data(Description& description, Bytes section);

/// Brings event_names to the attrs, and to info.clockid what the attrs say of it. The last step of collecting.
void complete(Description& description);

}  // namespace sockscope::perf_data
