#include "report/export/perfetto_packets.h"

#include <protozero/pbf_writer.hpp>

#include "base/printable.h"

namespace sockscope {
namespace {

using protozero::pbf_tag_type;
using protozero::pbf_writer;

// Numbers of fields, by message: protos/perfetto/trace/trace_packet.proto and what it includes.
namespace trace {
constexpr pbf_tag_type kPacket = 1;
}
namespace packet {
constexpr pbf_tag_type kTimestamp = 8;
constexpr pbf_tag_type kTrustedPacketSequenceId = 10;
constexpr pbf_tag_type kTrackEvent = 11;
constexpr pbf_tag_type kTrackDescriptor = 60;
constexpr pbf_tag_type kGenericKernelTaskStateEvent = 117;
}  // namespace packet
namespace track_descriptor {
constexpr pbf_tag_type kUuid = 1;
constexpr pbf_tag_type kName = 2;
constexpr pbf_tag_type kProcess = 3;
constexpr pbf_tag_type kThread = 4;
constexpr pbf_tag_type kParentUuid = 5;
}  // namespace track_descriptor
namespace process_descriptor {
constexpr pbf_tag_type kPid = 1;
constexpr pbf_tag_type kProcessName = 6;
}  // namespace process_descriptor
namespace thread_descriptor {
constexpr pbf_tag_type kPid = 1;
constexpr pbf_tag_type kTid = 2;
constexpr pbf_tag_type kThreadName = 5;
}  // namespace thread_descriptor
namespace track_event {
constexpr pbf_tag_type kDebugAnnotations = 4;
constexpr pbf_tag_type kType = 9;
constexpr pbf_tag_type kTrackUuid = 11;
constexpr pbf_tag_type kName = 23;
constexpr pbf_tag_type kFlowIds = 47;
constexpr std::int32_t kSliceBegin = 1;
constexpr std::int32_t kSliceEnd = 2;
}  // namespace track_event
namespace debug_annotation {
constexpr pbf_tag_type kUintValue = 3;
constexpr pbf_tag_type kName = 10;
}  // namespace debug_annotation
namespace task_state_event {
constexpr pbf_tag_type kCpu = 1;
constexpr pbf_tag_type kComm = 2;
constexpr pbf_tag_type kTid = 3;
constexpr pbf_tag_type kState = 4;
constexpr pbf_tag_type kPrio = 5;
}  // namespace task_state_event

constexpr std::size_t kHandedOnAtOnce = std::size_t{64} * 1024;

// Track events are of a sequence; ours need no other but one.
constexpr std::uint32_t kSequence = 1;

/// One packet, which ends with this object.
class Packet {
 public:
  explicit Packet(std::string& buffer) : trace_(buffer), packet_(trace_, trace::kPacket) {
    packet_.add_uint32(packet::kTrustedPacketSequenceId, kSequence);
  }
  Packet(std::string& buffer, std::uint64_t time_ns) : Packet(buffer) {
    packet_.add_uint64(packet::kTimestamp, time_ns);
  }

  [[nodiscard]] pbf_writer part(pbf_tag_type tag) { return {packet_, tag}; }

 private:
  pbf_writer trace_;
  pbf_writer packet_;
};

void add_text(pbf_writer& message, pbf_tag_type tag, std::string_view text) {
  if (!text.empty()) message.add_string(tag, printable(text));
}

}  // namespace

void PerfettoPackets::process(std::int32_t pid, std::string_view name) {
  {
    Packet packet(buffer_);
    pbf_writer descriptor = packet.part(packet::kTrackDescriptor);
    descriptor.add_uint64(track_descriptor::kUuid, new_track());
    pbf_writer process(descriptor, track_descriptor::kProcess);
    process.add_int32(process_descriptor::kPid, pid);
    add_text(process, process_descriptor::kProcessName, name);
  }
  flush_if_full();
}

void PerfettoPackets::thread(std::uint64_t track, std::int32_t pid, std::int32_t tid, std::string_view name) {
  {
    Packet packet(buffer_);
    pbf_writer descriptor = packet.part(packet::kTrackDescriptor);
    descriptor.add_uint64(track_descriptor::kUuid, track);
    pbf_writer thread(descriptor, track_descriptor::kThread);
    thread.add_int32(thread_descriptor::kPid, pid);
    thread.add_int32(thread_descriptor::kTid, tid);
    add_text(thread, thread_descriptor::kThreadName, name);
  }
  flush_if_full();
}

void PerfettoPackets::track(std::uint64_t track, std::uint64_t parent, std::string_view name) {
  {
    Packet packet(buffer_);
    pbf_writer descriptor = packet.part(packet::kTrackDescriptor);
    descriptor.add_uint64(track_descriptor::kUuid, track);
    add_text(descriptor, track_descriptor::kName, name);
    if (parent != 0) descriptor.add_uint64(track_descriptor::kParentUuid, parent);
  }
  flush_if_full();
}

void PerfettoPackets::state(const Switched& switched) {
  {
    Packet packet(buffer_, switched.time_ns);
    pbf_writer event = packet.part(packet::kGenericKernelTaskStateEvent);
    event.add_int32(task_state_event::kCpu, static_cast<std::int32_t>(switched.cpu));
    add_text(event, task_state_event::kComm, switched.comm);
    event.add_int64(task_state_event::kTid, switched.tid);
    event.add_enum(task_state_event::kState, static_cast<std::int32_t>(switched.state));
    if (switched.prio) event.add_int32(task_state_event::kPrio, *switched.prio);
  }
  flush_if_full();
}

void PerfettoPackets::begin_slice(const Slice& slice) {
  {
    Packet packet(buffer_, slice.time_ns);
    pbf_writer event = packet.part(packet::kTrackEvent);
    event.add_enum(track_event::kType, track_event::kSliceBegin);
    event.add_uint64(track_event::kTrackUuid, slice.track);
    event.add_string(track_event::kName, slice.name.data(), slice.name.size());
    if (slice.flow) event.add_fixed64(track_event::kFlowIds, *slice.flow);
    for (const Argument& argument : slice.arguments) {
      pbf_writer annotation(event, track_event::kDebugAnnotations);
      annotation.add_string(debug_annotation::kName, argument.name.data(), argument.name.size());
      annotation.add_uint64(debug_annotation::kUintValue, argument.value);
    }
  }
  flush_if_full();
}

void PerfettoPackets::end_slice(std::uint64_t time_ns, std::uint64_t track) {
  {
    Packet packet(buffer_, time_ns);
    pbf_writer event = packet.part(packet::kTrackEvent);
    event.add_enum(track_event::kType, track_event::kSliceEnd);
    event.add_uint64(track_event::kTrackUuid, track);
  }
  flush_if_full();
}

void PerfettoPackets::flush_if_full() {
  if (buffer_.size() >= kHandedOnAtOnce) flush();
}

void PerfettoPackets::flush() {
  sink_(buffer_);
  buffer_.clear();
}

}  // namespace sockscope
