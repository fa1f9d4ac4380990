#pragma once

#include "parsers/perf_data/reader.h"
#include "parsers/tracepoint/catalog.h"
#include "report/export/perfetto_packets.h"
#include "report/export/perfetto_threads.h"

namespace sockscope {

/// Writes what each thread of a recording did when: running on which CPU, runnable, asleep. From sched:sched_switch,
/// sched_waking and sched_wakeup_new, and from PERF_RECORD_SWITCH where the tracepoint misses a switch. Notes each
/// thread that has a sample. Memory: by the number of threads.
void write_thread_states(const perf_data::Reader& reader, const tracepoint::Catalog& catalog, PerfettoThreads& threads,
                         PerfettoPackets& packets);

}  // namespace sockscope
