#pragma once

#include <babeltrace2/babeltrace.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/ctf/reference.h"
#include "parsers/perf_data/bytes.h"
#include "parsers/tracepoint/field_access.h"
#include "parsers/tracepoint/format.h"

namespace sockscope {

/// Sets a string field. False: no memory.
[[nodiscard]] bool set_text(bt_field* field, std::string_view text);

/// The fields of one tracepoint as a structure of CTF: its own, then the common ones but for common_type. Numbers are
/// numbers of the same size and sign, addresses in hex, texts are strings, arrays of numbers are arrays; what is
/// neither is an array of its bytes.
class CtfFields {
 public:
  explicit CtfFields(const tracepoint::Format& format);

  /// The class of the structure; null when there is no memory for it.
  [[nodiscard]] Reference<bt_field_class> make_class(bt_trace_class* trace) const;

  /// Fills one in. False: a field lies outside the payload, and is 0 or empty.
  [[nodiscard]] bool set(bt_field* structure, perf_data::Bytes payload) const;

 private:
  enum class Kind : std::uint8_t { kNumber, kText, kArray };

  struct Member {
    std::string name;
    Kind kind = Kind::kArray;
    bool is_signed = false;
    bool is_pointer = false;
    std::uint32_t element_size = 1;                   // bytes of the number, or of one of the array
    std::optional<std::uint32_t> length;              // of an array; none: it varies
    std::optional<tracepoint::IntegerField> integer;  // the number, or one of an array at the start of its bytes
    std::optional<tracepoint::BytesField> bytes;      // text, array
  };

  void add(const tracepoint::Format& format, const tracepoint::Field& field);
  [[nodiscard]] static Reference<bt_field_class> class_of(const Member& member, bt_trace_class* trace);
  [[nodiscard]] static bool set_member(const Member& member, bt_field* field, perf_data::Bytes payload);

  std::vector<Member> members_;
};

}  // namespace sockscope
