#include "harness/thread_counters.h"

#include <linux/perf_event.h>

extern "C" {
#include <perf/core.h>
#include <perf/evsel.h>
#include <perf/threadmap.h>
}

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdarg>
#include <cstddef>
#include <utility>

namespace sockscope {
namespace {

/// What is left of an event when the kernel's side of it may not be counted.
enum class WithoutKernel { kWhole, kUserPart, kNothing };

struct CountedEvent {
  std::string_view name;
  std::uint32_t type;
  std::uint64_t config;
  WithoutKernel without_kernel;
};

constexpr std::array kSoftwareEvents{
    CountedEvent{"context-switches", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CONTEXT_SWITCHES, WithoutKernel::kNothing},
    CountedEvent{"cpu-migrations", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_MIGRATIONS, WithoutKernel::kNothing},
    // The kernel keeps this clock by the thread's time on a CPU and does not look at exclude_kernel.
    CountedEvent{"task-clock", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_TASK_CLOCK, WithoutKernel::kWhole},
    CountedEvent{"page-faults", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS, WithoutKernel::kUserPart},
};

constexpr std::array kHardwareEvents{
    CountedEvent{"cycles", PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES, WithoutKernel::kUserPart},
    CountedEvent{"instructions", PERF_TYPE_HARDWARE, PERF_COUNT_HW_INSTRUCTIONS, WithoutKernel::kUserPart},
};

std::span<const CountedEvent> events_of(CounterKind kind) {
  if (kind == CounterKind::kHardware) return kHardwareEvents;
  return kSoftwareEvents;
}

/// libperf writes its messages to stderr unless told otherwise; a library of ours returns errors and is silent.
int print_nothing(libperf_print_level /*level*/, const char* /*format*/, va_list /*arguments*/) { return 0; }

void initialise_libperf() {
  static const bool done = [] {
    libperf_init(print_nothing);
    return true;
  }();
  static_cast<void>(done);
}

struct PutThreadMap {
  void operator()(perf_thread_map* map) const { perf_thread_map__put(map); }
};
using ThreadMap = std::unique_ptr<perf_thread_map, PutThreadMap>;

struct CloseEvent {
  void operator()(perf_evsel* event) const {
    perf_evsel__close(event);
    perf_evsel__delete(event);
  }
};
using OpenEvent = std::unique_ptr<perf_evsel, CloseEvent>;

bool is_refusal(int error_number) { return error_number == EACCES || error_number == EPERM; }

/// The opened event, or an errno value.
std::expected<OpenEvent, int> open_event(const CountedEvent& event, bool exclude_kernel, perf_thread_map* threads) {
  perf_event_attr attr{};
  attr.type = event.type;
  attr.size = sizeof(attr);
  attr.config = event.config;
  attr.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
  attr.disabled = 1;
  attr.exclude_kernel = exclude_kernel ? 1 : 0;
  OpenEvent opened(perf_evsel__new(&attr));
  if (!opened) return std::unexpected(ENOMEM);
  // No CPU map: the threads are counted wherever they run.
  if (const int status = perf_evsel__open(opened.get(), nullptr, threads); status < 0) return std::unexpected(-status);
  return opened;
}

}  // namespace

struct ThreadCounters::Counter {
  const CountedEvent& what;
  bool is_user_only;
  OpenEvent event;
};

ThreadCounters::ThreadCounters(std::span<const pid_t> tids) : tids_(tids.begin(), tids.end()) {}
ThreadCounters::ThreadCounters(ThreadCounters&&) noexcept = default;
ThreadCounters& ThreadCounters::operator=(ThreadCounters&&) noexcept = default;
ThreadCounters::~ThreadCounters() = default;

Result<ThreadCounters> ThreadCounters::open(std::span<const pid_t> tids, CounterKind kind) {
  initialise_libperf();
  ThreadCounters counters(tids);
  const ThreadMap threads(perf_thread_map__new_array(static_cast<int>(tids.size()), counters.tids_.data()));
  if (!threads) return fail(ErrorKind::kEnvironment, "cannot count events: {}", errno_text(ENOMEM));

  for (const CountedEvent& event : events_of(kind)) {
    bool is_user_only = false;
    auto opened = open_event(event, false, threads.get());
    if (!opened && is_refusal(opened.error()) && event.without_kernel != WithoutKernel::kNothing) {
      is_user_only = event.without_kernel == WithoutKernel::kUserPart;
      opened = open_event(event, true, threads.get());
    }
    if (opened) {
      counters.counters_.push_back(std::make_unique<Counter>(Counter{event, is_user_only, std::move(*opened)}));
    } else if (kind == CounterKind::kHardware) {
      continue;  // ENOENT, EOPNOTSUPP and ENODEV, by machine: there is no PMU
    } else if (is_refusal(opened.error())) {
      counters.refused_.push_back(event.name);
    } else {
      return fail(ErrorKind::kEnvironment, "cannot count {} (perf_event_open): {}", event.name,
                  errno_text(opened.error()));
    }
  }
  return counters;
}

Result<> ThreadCounters::enable() {
  for (const auto& counter : counters_) {
    if (perf_evsel__enable(counter->event.get()) != 0) {
      return fail(ErrorKind::kEnvironment, "cannot start to count {}: {}", counter->what.name, errno_text(errno));
    }
  }
  return {};
}

Result<> ThreadCounters::disable() {
  for (const auto& counter : counters_) {
    if (perf_evsel__disable(counter->event.get()) != 0) {
      return fail(ErrorKind::kEnvironment, "cannot stop counting {}: {}", counter->what.name, errno_text(errno));
    }
  }
  return {};
}

Result<std::vector<ThreadCounts>> ThreadCounters::read() const {
  std::vector<ThreadCounts> threads;
  for (std::size_t thread = 0; thread < tids_.size(); ++thread) {
    ThreadCounts& counts = threads.emplace_back(ThreadCounts{.tid = tids_[thread], .values = {}});
    for (const auto& counter : counters_) {
      perf_counts_values raw{};
      if (const int status = perf_evsel__read(counter->event.get(), 0, static_cast<int>(thread), &raw); status != 0) {
        return fail(ErrorKind::kEnvironment, "cannot read the count of {}: {}", counter->what.name,
                    errno_text(-status));
      }
      // Enabled and never run: the kernel had no place for it. (A thread that slept throughout has 0 in both.)
      if (raw.run == 0 && raw.ena != 0) continue;
      const bool is_estimate = raw.run < raw.ena;
      if (is_estimate) perf_counts_values__scale(&raw, true, nullptr);
      counts.values.push_back({.name = counter->what.name,
                               .value = raw.val,
                               .is_user_only = counter->is_user_only,
                               .is_estimate = is_estimate});
    }
  }
  return threads;
}

std::vector<CounterValue> sum_over_threads(std::span<const ThreadCounts> threads) {
  if (threads.empty()) return {};
  std::vector<CounterValue> sums;
  for (CounterValue sum : threads.front().values) {
    const bool everywhere = std::ranges::all_of(threads.subspan(1), [&](const ThreadCounts& thread) {
      const auto counter = find_counter(thread.values, sum.name);
      if (!counter) return false;
      sum.value += counter->value;
      sum.is_user_only |= counter->is_user_only;
      sum.is_estimate |= counter->is_estimate;
      return true;
    });
    if (everywhere) sums.push_back(sum);
  }
  return sums;
}

std::optional<CounterValue> find_counter(std::span<const CounterValue> values, std::string_view name) {
  const auto found = std::ranges::find(values, name, &CounterValue::name);
  if (found == values.end()) return std::nullopt;
  return *found;
}

}  // namespace sockscope
