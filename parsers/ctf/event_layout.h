#pragma once

#include <babeltrace2/babeltrace.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "parsers/ctf/lttng_events.h"

namespace sockscope::ctf {

/// A number or a text of an event: in its payload or in one of its contexts, perhaps within a structure there.
struct FieldPlace {
  enum class Part : std::uint8_t { kPayload, kCommonContext, kOwnContext };

  Part part = Part::kPayload;
  std::uint64_t member = 0;
  std::optional<std::uint64_t> inner;  ///< Of the structure that the member is.
};

/// What a format's text begins with: its name, its id and the fields that all events have.
[[nodiscard]] std::string format_head(std::string_view name, std::size_t id);

/// How an event class of a CTF trace becomes a tracepoint of the kernel: its name, its format (as tracefs has it) and
/// the payload of each of its events. Numbers keep sign and size, rounded up to 1, 2, 4 or 8 bytes; texts and arrays
/// that vary are __data_loc. Structures lose one level ("outer_inner"); what CTF can have beyond that (variants, reals,
/// arrays of texts) is left out, since no kernel event that we know needs it.
class EventLayout {
 public:
  /// `wakeup_is_waking`: the trace is LTTng's and has no sched_waking. Before Linux 4.3 sched_wakeup was what told of a
  /// wake-up, so it stands for it. kInput, without a name, when the event is one of those that analyses take and a
  /// field of it that they need is missing or of another type; the message names both.
  [[nodiscard]] static Result<EventLayout> of(const bt_event_class* event_class, bool wakeup_is_waking);

  [[nodiscard]] const KernelEvent& event() const { return event_; }

  /// The format's text, for this id. The same for two event classes that mean the same.
  [[nodiscard]] std::string format_text(std::size_t id) const;

  /// Replaces `payload` by that of an event of the class: at most kMostPayload bytes, longer arrays and texts cut.
  void fill(std::string& payload, const bt_event* event, std::uint16_t id, std::int32_t tid) const;

  /// Who was running, as far as the event says it itself: perf's perf_tid, or the contexts tid or vtid.
  [[nodiscard]] std::optional<std::int32_t> tid(const bt_event* event) const { return number(tid_, event); }
  [[nodiscard]] std::optional<std::int32_t> pid(const bt_event* event) const { return number(pid_, event); }
  /// The context procname: data() is null where there is none.
  [[nodiscard]] std::string_view procname(const bt_event* event) const;
  /// Of sched_switch.
  [[nodiscard]] std::optional<std::int32_t> prev_pid(const bt_event* event) const { return number(prev_pid_, event); }
  [[nodiscard]] std::optional<std::int32_t> next_pid(const bt_event* event) const { return number(next_pid_, event); }

 private:
  enum class Kind : std::uint8_t { kNumber, kText, kFixedArray, kArray };

  struct Member {
    std::string name;
    Kind kind = Kind::kNumber;
    FieldPlace place;
    std::uint32_t offset = 0;
    std::uint32_t size = 0;  // bytes in the fixed part: of the number, the whole array, or 4 of a __data_loc
    std::uint32_t element = 0;
    bool is_signed = false;
    bool is_pointer = false;
  };

  void add_structure(FieldPlace::Part part, const bt_field_class* structure);
  void add(const std::string& name, const FieldPlace& place, const bt_field_class* field_class);
  [[nodiscard]] static std::optional<Member> member_of(const bt_field_class* field_class);
  void take_common(const std::string& name, const FieldPlace& place);
  [[nodiscard]] bool is_length_of_array(const Member& member) const;
  void place_members();
  [[nodiscard]] Result<> check() const;
  [[nodiscard]] const Member* find(std::string_view name) const;
  [[nodiscard]] std::string type_of(const Member& member) const;
  static void store_elements(char* at, const Member& member, const bt_field* array, std::uint64_t most);
  static void append(std::string& payload, const Member& member, const bt_field* field);
  [[nodiscard]] static std::optional<std::int32_t> number(const std::optional<FieldPlace>& place,
                                                          const bt_event* event);

  KernelEvent event_;
  std::vector<Member> members_;
  std::uint32_t fixed_size_ = 0;
  std::optional<FieldPlace> flags_;
  std::optional<FieldPlace> preempt_count_;
  std::optional<FieldPlace> common_pid_;
  std::optional<FieldPlace> tid_;
  std::optional<FieldPlace> pid_;
  std::optional<FieldPlace> procname_;
  std::optional<FieldPlace> prev_pid_;
  std::optional<FieldPlace> next_pid_;
  int tid_rank_ = 0;  // of what tid_ is: see context_rank()
  int pid_rank_ = 0;
};

}  // namespace sockscope::ctf
