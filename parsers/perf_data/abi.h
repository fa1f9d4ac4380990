#pragma once

#include <cstdint>

// Numbers of perf's and the kernel's interfaces, written out rather than included from <linux/perf_event.h>: a
// recording can come from a younger kernel than the headers this is compiled with. Names follow the kernel's, without
// the PERF_ prefix that its macros occupy.
namespace sockscope::perf_data {

/// perf_event_header.type. Below 64: the kernel's (include/uapi/linux/perf_event.h). From 64 on: perf's own, without
/// sample_id trailer (tools/lib/perf/include/perf/event.h).
namespace record_type {
inline constexpr std::uint32_t kMmap = 1;
inline constexpr std::uint32_t kLost = 2;
inline constexpr std::uint32_t kComm = 3;
inline constexpr std::uint32_t kFork = 7;
inline constexpr std::uint32_t kSample = 9;
inline constexpr std::uint32_t kLostSamples = 13;
inline constexpr std::uint32_t kSwitch = 14;
inline constexpr std::uint32_t kSwitchCpuWide = 15;
inline constexpr std::uint32_t kLastKernel = 22;  ///< CALLCHAIN_DEFERRED.
inline constexpr std::uint32_t kFirstUser = 64;
inline constexpr std::uint32_t kHeaderAttr = 64;
inline constexpr std::uint32_t kHeaderTracingData = 66;
inline constexpr std::uint32_t kFinishedRound = 68;
inline constexpr std::uint32_t kAuxtrace = 71;
inline constexpr std::uint32_t kEventUpdate = 78;
inline constexpr std::uint32_t kHeaderFeature = 80;
inline constexpr std::uint32_t kCompressed = 81;
inline constexpr std::uint32_t kCompressed2 = 83;
inline constexpr std::uint32_t kLastUser = 86;  ///< SCHEDSTAT_DOMAIN.

/// Whether a record of this type is one this reader has heard of.
[[nodiscard]] constexpr bool is_known(std::uint32_t type) noexcept {
  return (type >= 1 && type <= kLastKernel) || (type >= kFirstUser && type <= kLastUser);
}

[[nodiscard]] constexpr bool is_compressed(std::uint32_t type) noexcept {
  return type == kCompressed || type == kCompressed2;
}
}  // namespace record_type

/// perf_event_header.misc, by the record type that gives the bit its meaning.
namespace record_misc {
inline constexpr std::uint16_t kCommExec = 1U << 13;
inline constexpr std::uint16_t kSwitchOut = 1U << 13;
inline constexpr std::uint16_t kSwitchOutPreempt = 1U << 14;
inline constexpr std::uint16_t kLostSamplesBpf = 1U << 15;  ///< Dropped by a BPF filter on purpose: not a loss.
}  // namespace record_misc

/// Marks between the addresses of a call chain: what follows is the kernel's, or a program's (PERF_CONTEXT_*).
namespace callchain_mark {
inline constexpr std::uint64_t kKernel = static_cast<std::uint64_t>(-128);
inline constexpr std::uint64_t kUser = static_cast<std::uint64_t>(-512);
inline constexpr std::uint64_t kFirst = static_cast<std::uint64_t>(-4095);  ///< No address is beyond.
}  // namespace callchain_mark

/// perf_event_attr.sample_type.
namespace sample_bit {
inline constexpr std::uint64_t kIp = 1U << 0;
inline constexpr std::uint64_t kTid = 1U << 1;
inline constexpr std::uint64_t kTime = 1U << 2;
inline constexpr std::uint64_t kAddr = 1U << 3;
inline constexpr std::uint64_t kRead = 1U << 4;
inline constexpr std::uint64_t kCallchain = 1U << 5;
inline constexpr std::uint64_t kId = 1U << 6;
inline constexpr std::uint64_t kCpu = 1U << 7;
inline constexpr std::uint64_t kPeriod = 1U << 8;
inline constexpr std::uint64_t kStreamId = 1U << 9;
inline constexpr std::uint64_t kRaw = 1U << 10;
inline constexpr std::uint64_t kIdentifier = 1U << 16;
}  // namespace sample_bit

/// perf_event_attr.read_format.
namespace read_bit {
inline constexpr std::uint64_t kTotalTimeEnabled = 1U << 0;
inline constexpr std::uint64_t kTotalTimeRunning = 1U << 1;
inline constexpr std::uint64_t kId = 1U << 2;
inline constexpr std::uint64_t kGroup = 1U << 3;
inline constexpr std::uint64_t kLost = 1U << 4;
}  // namespace read_bit

/// perf_event_attr's bit field, numbered as on a little-endian machine.
namespace attr_flag {
inline constexpr std::uint64_t kSampleIdAll = 1U << 18;
inline constexpr std::uint64_t kUseClockid = 1U << 25;
inline constexpr std::uint64_t kContextSwitch = 1U << 26;
}  // namespace attr_flag

inline constexpr std::uint32_t kTypeTracepoint = 2;  ///< perf_event_attr.type.

/// Feature bits of the file header, HEADER_FEATURE ids of a pipe (tools/perf/util/header.h).
namespace feature {
inline constexpr std::uint64_t kTracingData = 1;
inline constexpr std::uint64_t kHostname = 3;
inline constexpr std::uint64_t kOsrelease = 4;
inline constexpr std::uint64_t kVersion = 5;
inline constexpr std::uint64_t kArch = 6;
inline constexpr std::uint64_t kNrcpus = 7;
inline constexpr std::uint64_t kCpudesc = 8;
inline constexpr std::uint64_t kCmdline = 11;
inline constexpr std::uint64_t kEventDesc = 12;
inline constexpr std::uint64_t kSampleTime = 21;
inline constexpr std::uint64_t kClockid = 23;
inline constexpr std::uint64_t kCompressed = 27;
inline constexpr std::uint64_t kClockData = 29;
}  // namespace feature

}  // namespace sockscope::perf_data
