#pragma once

#include <cstddef>
#include <string_view>

#include "report/events/text_buffer.h"

/// Text of a recording, made fit for each output format: no control character of it gets through, so that it can
/// neither move a terminal's cursor nor break a line. Valid UTF-8 does.
namespace sockscope {

/// Bytes that one byte takes at most, whichever way it is written.
inline constexpr std::size_t kEscapedByte = 6;

/// The inside of a JSON string: control characters and bytes that are not UTF-8 as \u00XX. Reserves its room and
/// `room_after`.
void put_json_text(std::string_view text, TextBuffer& out, std::size_t room_after);

/// As it is when it has no blank, quotation mark, equals sign or anything that cannot be printed; else in quotation
/// marks with the escapes of C, \xHH for control characters and bytes that are not UTF-8. Reserves as above.
void put_value_text(std::string_view text, TextBuffer& out, std::size_t room_after);

/// As it is but for control characters and bytes that are not UTF-8: \xHH. Reserves as above.
void put_bare_text(std::string_view text, TextBuffer& out, std::size_t room_after);

/// Makes all that was put from `start` on, which has no control characters, one field of CSV: in quotation marks if it
/// must be (RFC 4180).
void quote_csv(TextBuffer& out, std::size_t start);

}  // namespace sockscope
