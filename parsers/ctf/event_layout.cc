#include "parsers/ctf/event_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>
#include <utility>

#include "parsers/ctf/record_writer.h"

namespace sockscope::ctf {
namespace {

using Part = FieldPlace::Part;

constexpr std::uint32_t kCommonSize = 8;  // common_type, common_flags, common_preempt_count, common_pid
constexpr std::uint32_t kDataLocSize = 4;
constexpr std::size_t kMostMembers = 256;
constexpr std::uint64_t kMostFixedArray = 4096;
constexpr std::size_t kMostFixed = 32'768;  // leaves as much for what varies
constexpr std::size_t kLongestName = 100;

/// What a kernel of 4.14 or later says of the states that a thread leaves a CPU in (include/trace/events/sched.h); the
/// first four are those of all kernels. CTF has numbers alone.
constexpr std::string_view kSwitchPrintFmt =
    "\nprint fmt: \"%s\", (REC->prev_state & (0xff)) ? __print_flags(REC->prev_state & (0xff), \"|\", { 0x01, \"S\" }, "
    "{ 0x02, \"D\" }, { 0x04, \"T\" }, { 0x08, \"t\" }, { 0x10, \"X\" }, { 0x20, \"Z\" }, { 0x40, \"P\" }, "
    "{ 0x80, \"I\" }) : \"R\"\n";

bool is(const bt_field_class* field_class, bt_field_class_type type) {
  return bt_field_class_type_is(bt_field_class_get_type(field_class), type) == BT_TRUE;
}

/// A number's bytes; 0: it is none.
std::uint32_t bytes_of_number(const bt_field_class* field_class) {
  if (is(field_class, BT_FIELD_CLASS_TYPE_BOOL)) return 1;
  if (is(field_class, BT_FIELD_CLASS_TYPE_BIT_ARRAY)) return sizeof(std::uint64_t);
  if (!is(field_class, BT_FIELD_CLASS_TYPE_INTEGER)) return 0;
  const std::uint64_t bits = bt_field_class_integer_get_field_value_range(field_class);
  return bits <= 8 ? 1 : bits <= 16 ? 2 : bits <= 32 ? 4 : 8;
}

bool is_signed_number(const bt_field_class* field_class) { return is(field_class, BT_FIELD_CLASS_TYPE_SIGNED_INTEGER); }

std::uint64_t value_of(const bt_field* field) {
  const bt_field_class_type type = bt_field_get_class_type(field);
  if (bt_field_class_type_is(type, BT_FIELD_CLASS_TYPE_SIGNED_INTEGER) == BT_TRUE) {
    return static_cast<std::uint64_t>(bt_field_integer_signed_get_value(field));
  }
  if (bt_field_class_type_is(type, BT_FIELD_CLASS_TYPE_UNSIGNED_INTEGER) == BT_TRUE) {
    return bt_field_integer_unsigned_get_value(field);
  }
  return type == BT_FIELD_CLASS_TYPE_BOOL ? static_cast<std::uint64_t>(bt_field_bool_get_value(field))
                                          : bt_field_bit_array_get_value_as_integer(field);
}

/// The low bytes of a number, as a machine of our byte order keeps them.
void store(char* at, std::uint64_t value, std::uint32_t size) {
  switch (size) {
    case 1: {
      const auto narrow = static_cast<std::uint8_t>(value);
      std::memcpy(at, &narrow, sizeof narrow);
      return;
    }
    case 2: {
      const auto narrow = static_cast<std::uint16_t>(value);
      std::memcpy(at, &narrow, sizeof narrow);
      return;
    }
    case 4: {
      const auto narrow = static_cast<std::uint32_t>(value);
      std::memcpy(at, &narrow, sizeof narrow);
      return;
    }
    default:
      std::memcpy(at, &value, sizeof value);
  }
}

const bt_field* field_at(const FieldPlace& place, const bt_event* event) {
  const bt_field* structure = nullptr;
  switch (place.part) {
    case Part::kPayload:
      structure = bt_event_borrow_payload_field_const(event);
      break;
    case Part::kCommonContext:
      structure = bt_event_borrow_common_context_field_const(event);
      break;
    case Part::kOwnContext:
      structure = bt_event_borrow_specific_context_field_const(event);
      break;
  }
  if (structure == nullptr) return nullptr;
  const bt_field* const field = bt_field_structure_borrow_member_field_by_index_const(structure, place.member);
  return place.inner ? bt_field_structure_borrow_member_field_by_index_const(field, *place.inner) : field;
}

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

/// As a format may have it: a C identifier.
std::string proper_name(std::string_view name) {
  std::string text(name.substr(0, kLongestName));
  std::ranges::replace_if(text, [](char c) { return !is_letter_or_digit(c); }, '_');
  if (text.empty() || (text.front() >= '0' && text.front() <= '9')) text.insert(text.begin(), '_');
  return text;
}

std::string_view integer_type(std::uint32_t size, bool is_signed) {
  switch (size) {
    case 1:
      return is_signed ? "signed char" : "unsigned char";
    case 2:
      return is_signed ? "short" : "unsigned short";
    case 4:
      return is_signed ? "int" : "unsigned int";
    default:
      return is_signed ? "long long" : "unsigned long long";
  }
}

/// How well a context says which thread or process was running: the better, the higher. "tid" is the scheduler's own
/// number, "vtid" that of the thread's namespace: the same outside of containers.
int context_rank(std::string_view name, std::string_view virtual_name, std::string_view perf_name) {
  if (name == perf_name) return 3;
  if (name == virtual_name.substr(1)) return 2;
  return name == virtual_name ? 1 : 0;
}

/// perf's own beside the event's fields, and what is kept elsewhere in a record.
bool is_kept_elsewhere(std::string_view name) { return name.starts_with("perf_") || name == "common_type"; }

std::string_view name_of(const bt_event_class* event_class) {
  const char* const name = bt_event_class_get_name(event_class);
  return name == nullptr ? "" : name;
}

bool has_member(const bt_field_class* structure, const char* name) {
  return structure != nullptr && bt_field_class_structure_borrow_member_by_name_const(structure, name) != nullptr;
}

}  // namespace

std::string format_head(std::string_view name, std::size_t id) {
  return fmt::format(
      "name: {}\nID: {}\nformat:\n"
      "\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
      "\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"
      "\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n"
      "\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n",
      name, id);
}

Result<EventLayout> EventLayout::of(const bt_event_class* event_class, bool wakeup_is_waking) {
  EventLayout layout;
  const bt_field_class* const payload = bt_event_class_borrow_payload_field_class_const(event_class);
  const bool has_numbered_call =
      has_member(payload, "id") && (has_member(payload, "args") || has_member(payload, "ret"));
  layout.event_ = kernel_event(name_of(event_class), has_numbered_call);
  if (wakeup_is_waking && layout.event_ == KernelEvent{"sched", "sched_wakeup"}) layout.event_.name = "sched_waking";
  layout.add_structure(Part::kPayload, payload);
  const bt_stream_class* const stream = bt_event_class_borrow_stream_class_const(event_class);
  layout.add_structure(Part::kCommonContext, bt_stream_class_borrow_event_common_context_field_class_const(stream));
  layout.add_structure(Part::kOwnContext, bt_event_class_borrow_specific_context_field_class_const(event_class));
  layout.place_members();
  if (auto checked = layout.check(); !checked) return pass_on(checked);
  return layout;
}

void EventLayout::add_structure(Part part, const bt_field_class* structure) {
  if (structure == nullptr) return;
  const std::uint64_t count = bt_field_class_structure_get_member_count(structure);
  for (std::uint64_t index = 0; index < count; ++index) {
    const auto* const member = bt_field_class_structure_borrow_member_by_index_const(structure, index);
    const std::string name = bt_field_class_structure_member_get_name(member);
    const bt_field_class* const field = bt_field_class_structure_member_borrow_field_class_const(member);
    const FieldPlace place{.part = part, .member = index, .inner = std::nullopt};
    if (!is(field, BT_FIELD_CLASS_TYPE_STRUCTURE)) {
      add(name, place, field);
      continue;
    }
    const std::uint64_t inner_count = bt_field_class_structure_get_member_count(field);
    for (std::uint64_t inner = 0; inner < inner_count; ++inner) {
      const auto* const one = bt_field_class_structure_borrow_member_by_index_const(field, inner);
      add(fmt::format("{}_{}", name, bt_field_class_structure_member_get_name(one)),
          {.part = part, .member = index, .inner = inner},
          bt_field_class_structure_member_borrow_field_class_const(one));
    }
  }
}

void EventLayout::add(const std::string& name, const FieldPlace& place, const bt_field_class* field_class) {
  if (bytes_of_number(field_class) != 0) take_common(name, place);
  const bool is_context = place.part != Part::kPayload;
  if (is_context && name == "procname" && is(field_class, BT_FIELD_CLASS_TYPE_STRING)) procname_ = place;
  const bool is_task = context_rank(name, "vtid", "") != 0 || context_rank(name, "vpid", "") != 0;
  const bool is_known = is_context ? is_task || name == "procname" : name.starts_with("common_");
  if (is_known || is_kept_elsewhere(name) || members_.size() == kMostMembers) return;
  auto member = member_of(field_class);
  if (!member) return;
  member->name = is_context ? proper_name("context_" + name) : proper_name(kernel_field(event_.system, name));
  if (find(member->name) != nullptr) member->name = proper_name(name);
  while (find(member->name) != nullptr) member->name += '_';
  member->place = place;
  members_.push_back(std::move(*member));
}

std::optional<EventLayout::Member> EventLayout::member_of(const bt_field_class* field_class) {
  Member member;
  member.size = member.element = bytes_of_number(field_class);
  if (member.size != 0) {
    member.is_signed = is_signed_number(field_class);
    member.is_pointer = member.size == sizeof(std::uint64_t) && !member.is_signed &&
                        is(field_class, BT_FIELD_CLASS_TYPE_INTEGER) &&
                        bt_field_class_integer_get_preferred_display_base(field_class) ==
                            BT_FIELD_CLASS_INTEGER_PREFERRED_DISPLAY_BASE_HEXADECIMAL;
    return member;
  }
  if (is(field_class, BT_FIELD_CLASS_TYPE_STRING)) {
    member.kind = Kind::kText;
    member.size = kDataLocSize;
    member.element = 1;
    return member;
  }
  if (!is(field_class, BT_FIELD_CLASS_TYPE_ARRAY)) return std::nullopt;
  const bt_field_class* const element = bt_field_class_array_borrow_element_field_class_const(field_class);
  member.element = bytes_of_number(element);
  if (member.element == 0) return std::nullopt;
  member.is_signed = is_signed_number(element);
  member.kind = Kind::kArray;
  member.size = kDataLocSize;
  if (is(field_class, BT_FIELD_CLASS_TYPE_STATIC_ARRAY)) {
    const std::uint64_t length = bt_field_class_array_static_get_length(field_class);
    if (length == 0 || length > kMostFixedArray / member.element) return std::nullopt;
    member.kind = Kind::kFixedArray;
    member.size = static_cast<std::uint32_t>(length) * member.element;
  }
  return member;
}

/// What has a place of its own in a record or is needed to find it.
void EventLayout::take_common(const std::string& name, const FieldPlace& place) {
  const bool is_payload = place.part == Part::kPayload;
  const auto better = [&](std::string_view virtual_name, std::string_view perf_name, int& rank,
                          std::optional<FieldPlace>& found) {
    const int of_this = context_rank(name, virtual_name, perf_name);
    if (of_this <= rank || (is_payload && name != perf_name)) return;
    rank = of_this;
    found = place;
  };
  better("vtid", "perf_tid", tid_rank_, tid_);
  better("vpid", "perf_pid", pid_rank_, pid_);
  if (!is_payload) return;
  if (name == "common_flags") flags_ = place;
  if (name == "common_preempt_count") preempt_count_ = place;
  if (name == "common_pid") common_pid_ = place;
}

/// What CTF keeps of an array as a number of its own before it: "_list_length" by LTTng, "_list_len" by babeltrace2.
bool EventLayout::is_length_of_array(const Member& member) const {
  return std::ranges::any_of(members_, [&member](const Member& array) {
    return array.kind == Kind::kArray && member.kind == Kind::kNumber &&
           (member.name.ends_with("_" + array.name + "_length") || member.name.ends_with("_" + array.name + "_len"));
  });
}

void EventLayout::place_members() {
  std::vector<Member> kept;
  for (const Member& member : members_) {
    if (!is_length_of_array(member)) kept.push_back(member);
  }
  members_ = std::move(kept);
  std::uint32_t at = kCommonSize;
  for (Member& member : members_) {
    member.offset = at;
    at += member.size;
    const bool is_switch = event_.system == "sched" && event_.name == "sched_switch" && member.kind == Kind::kNumber;
    if (is_switch && member.name == "prev_pid") prev_pid_ = member.place;
    if (is_switch && member.name == "next_pid") next_pid_ = member.place;
  }
  std::erase_if(members_, [](const Member& member) { return member.offset + member.size > kMostFixed; });
  fixed_size_ = members_.empty() ? kCommonSize : members_.back().offset + members_.back().size;
}

const EventLayout::Member* EventLayout::find(std::string_view name) const {
  const auto found = std::ranges::find(members_, name, &Member::name);
  return found == members_.end() ? nullptr : &*found;
}

Result<> EventLayout::check() const {
  const NeededFields needed = needed_fields(event_);
  const auto refuse = [this](std::string_view type, std::string_view name) {
    return fail(ErrorKind::kInput, "its event {}:{} has no {} {}: damaged, or not of a kernel", event_.system,
                event_.name, type, name);
  };
  for (const std::string_view name : needed.numbers) {
    const Member* const member = find(name);
    if (member == nullptr || member->kind != Kind::kNumber) return refuse("number", name);
  }
  if (needed.text.empty()) return {};
  const Member* const member = find(needed.text);
  if (member == nullptr || member->kind != Kind::kText) return refuse("text", needed.text);
  return {};
}

std::string EventLayout::type_of(const Member& member) const {
  if (member.kind == Kind::kText) return fmt::format("__data_loc char[] {}", member.name);
  const std::string_view type = integer_type(member.element, member.is_signed);
  if (member.kind == Kind::kArray) {
    // libtraceevent knows the sizes of these alone behind __data_loc.
    return fmt::format("__data_loc {}{}[] {}", member.is_signed ? 's' : 'u', 8 * member.element, member.name);
  }
  if (member.kind == Kind::kFixedArray)
    return fmt::format("{} {}[{}]", type, member.name, member.size / member.element);
  return member.is_pointer ? fmt::format("void * {}", member.name) : fmt::format("{} {}", type, member.name);
}

std::string EventLayout::format_text(std::size_t id) const {
  std::string text = format_head(event_.name, id);
  for (const Member& member : members_) {
    text += fmt::format("\tfield:{};\toffset:{};\tsize:{};\tsigned:{};\n", type_of(member), member.offset, member.size,
                        member.is_signed ? 1 : 0);
  }
  const bool is_switch = event_ == KernelEvent{"sched", "sched_switch"};
  return text.append(is_switch ? kSwitchPrintFmt : "\nprint fmt: \"\"\n");
}

std::optional<std::int32_t> EventLayout::number(const std::optional<FieldPlace>& place, const bt_event* event) {
  if (!place) return std::nullopt;
  const bt_field* const field = field_at(*place, event);
  return field == nullptr ? std::nullopt : std::optional(static_cast<std::int32_t>(value_of(field)));
}

std::string_view EventLayout::procname(const bt_event* event) const {
  const bt_field* const field = procname_ ? field_at(*procname_, event) : nullptr;
  return field == nullptr ? std::string_view() : std::string_view(bt_field_string_get_value(field));
}

void EventLayout::fill(std::string& payload, const bt_event* event, std::uint16_t id, std::int32_t tid) const {
  payload.assign(fixed_size_, '\0');
  store(payload.data(), id, 2);
  store(payload.data() + 2, static_cast<std::uint64_t>(number(flags_, event).value_or(0)), 1);
  store(payload.data() + 3, static_cast<std::uint64_t>(number(preempt_count_, event).value_or(0)), 1);
  store(payload.data() + 4, static_cast<std::uint64_t>(number(common_pid_, event).value_or(tid)), 4);
  for (const Member& member : members_) {
    const bt_field* const field = field_at(member.place, event);
    if (field == nullptr) continue;
    switch (member.kind) {
      case Kind::kNumber:
        store(payload.data() + member.offset, value_of(field), member.size);
        break;
      case Kind::kFixedArray:
        store_elements(payload.data() + member.offset, member, field, member.size / member.element);
        break;
      case Kind::kText:
      case Kind::kArray:
        append(payload, member, field);
        break;
    }
  }
}

void EventLayout::store_elements(char* at, const Member& member, const bt_field* array, std::uint64_t most) {
  const std::uint64_t count = std::min(bt_field_array_get_length(array), most);
  for (std::uint64_t index = 0; index < count; ++index) {
    const bt_field* const element = bt_field_array_borrow_element_field_by_index_const(array, index);
    store(at + index * member.element, value_of(element), member.element);
  }
}

/// Behind all that is there so far, as much as there is room for.
void EventLayout::append(std::string& payload, const Member& member, const bt_field* field) {
  const std::size_t at = payload.size();
  const std::size_t room = kMostPayload - at;
  if (member.kind == Kind::kText) {
    if (room == 0) return;
    const std::uint64_t length = std::min<std::uint64_t>(bt_field_string_get_length(field), room - 1);
    payload.append(bt_field_string_get_value(field), static_cast<std::size_t>(length));
    payload.push_back('\0');
  } else {
    const std::uint64_t count = std::min<std::uint64_t>(bt_field_array_get_length(field), room / member.element);
    payload.resize(at + static_cast<std::size_t>(count) * member.element);
    store_elements(payload.data() + at, member, field, count);
  }
  // include/trace/stages/stage5_get_offsets.h: length << 16 | offset.
  store(payload.data() + member.offset, ((payload.size() - at) << 16U) | at, kDataLocSize);
}

}  // namespace sockscope::ctf
