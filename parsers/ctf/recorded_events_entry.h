#pragma once

namespace sockscope::ctf {

/// What our own export says in a trace's environment beside LTTng's entries: the events that were asked for, each as
/// "system:name" and a blank. A CTF trace knows those alone that came, and one that never came is a finding too: no
/// datagram was dropped.
inline constexpr const char* kRecordedEventsEntry = "sockscope_recorded_events";

}  // namespace sockscope::ctf
