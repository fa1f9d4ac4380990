#include "harness/task_ring.h"

#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <ctime>

#include "harness/perf_data_writer.h"

namespace sockscope {
namespace {

perf_event_attr task_attr(const TaskRing::Spec& spec) {
  perf_event_attr attr{};
  attr.type = PERF_TYPE_SOFTWARE;
  attr.size = PERF_ATTR_SIZE_VER7;
  attr.config = PERF_COUNT_SW_DUMMY;
  attr.sample_type = kWrittenSampleType;
  attr.disabled = 1;
  attr.comm = 1;
  attr.comm_exec = 1;
  attr.task = 1;
  attr.context_switch = spec.with_switches ? 1 : 0;
  attr.sample_id_all = 1;
  attr.use_clockid = 1;
  attr.clockid = CLOCK_MONOTONIC;
  // Never: it is read at the end.
  attr.watermark = 1;
  attr.wakeup_watermark = static_cast<std::uint32_t>(spec.buffer_bytes);
  return attr;
}

}  // namespace

Result<TaskRing> TaskRing::open(const Spec& spec) {
  TaskRing ring;
  ring.attr_ = task_attr(spec);
  ring.buffer_bytes_ = spec.buffer_bytes;
  for (const int cpu : spec.cpus) {
    if (auto added = ring.add(cpu); !added) return pass_on(added);
  }
  return ring;
}

Result<> TaskRing::add(int cpu) {
  Buffer buffer{.cpu = cpu};
  buffer.fd.reset(static_cast<int>(syscall(SYS_perf_event_open, &attr_, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC)));
  if (!buffer.fd || ioctl(buffer.fd.get(), PERF_EVENT_IOC_ID, &buffer.id) != 0) {
    return fail(ErrorKind::kEnvironment, "cannot open perf's task events on CPU {}: {}", cpu, errno_text(errno));
  }
  void* const memory = mmap(nullptr, mapped_bytes(), PROT_READ | PROT_WRITE, MAP_SHARED, buffer.fd.get(), 0);
  if (memory == MAP_FAILED) {
    return fail(ErrorKind::kEnvironment, "cannot map perf's buffer on CPU {}: {}", cpu, errno_text(errno));
  }
  buffer.memory = memory;
  buffers_.push_back(std::move(buffer));
  return {};
}

TaskRing::~TaskRing() {
  for (const Buffer& buffer : buffers_) munmap(buffer.memory, mapped_bytes());
}

std::size_t TaskRing::mapped_bytes() const { return buffer_bytes_ + static_cast<std::size_t>(sysconf(_SC_PAGESIZE)); }

Result<> TaskRing::control(unsigned long request) {
  for (const Buffer& buffer : buffers_) {
    if (ioctl(buffer.fd.get(), request, 0) == 0) continue;
    return fail(ErrorKind::kEnvironment, "cannot switch perf's task events on or off: {}", errno_text(errno));
  }
  return {};
}

Result<> TaskRing::enable() { return control(PERF_EVENT_IOC_ENABLE); }
Result<> TaskRing::disable() { return control(PERF_EVENT_IOC_DISABLE); }

std::vector<std::uint64_t> TaskRing::ids() const {
  std::vector<std::uint64_t> ids;
  ids.reserve(buffers_.size());
  for (const Buffer& buffer : buffers_) ids.push_back(buffer.id);
  return ids;
}

std::vector<TaskRing::Recorded> TaskRing::recorded() const {
  // A record is at most 64 KiB; those of tasks are much smaller.
  constexpr std::size_t largest_record = 4096;
  std::vector<Recorded> all;
  for (const Buffer& buffer : buffers_) {
    const auto* const page = static_cast<const perf_event_mmap_page*>(buffer.memory);
    const auto head = std::min<std::uint64_t>(__atomic_load_n(&page->data_head, __ATOMIC_ACQUIRE), buffer_bytes_);
    const auto* const data = static_cast<const char*>(buffer.memory) + (mapped_bytes() - buffer_bytes_);
    // Nobody moves data_tail, so that the kernel stops at the end of the buffer instead of going round.
    all.push_back(
        {.cpu = buffer.cpu, .records = std::string(data, head), .is_full = head + largest_record > buffer_bytes_});
  }
  return all;
}

}  // namespace sockscope
