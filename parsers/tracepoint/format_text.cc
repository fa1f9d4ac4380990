#include "parsers/tracepoint/format_text.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace sockscope::tracepoint {
namespace {

constexpr std::size_t kMaxNameLength = 255;  // a user_event may have over 200 letters
constexpr std::size_t kMaxDeclarationLength = 256;
constexpr std::size_t kMaxPrintFmtLength = 65536;  // the kernel's longest, a drop reason list, has some 5,000
constexpr std::size_t kCommonFields = 4;           // common_type, common_flags, common_preempt_count, common_pid

// LOCAL_PR_FMT, STA_PR_FMT and VIF_PR_FMT, macros that once stood in mac80211's print formats: libtraceevent takes each
// for a string, wherever it stands, and loses the type before it.
constexpr std::string_view kStringMacro = "_PR_FMT";

constexpr bool is_word_char(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Takes `word` off the front of `text`.
[[nodiscard]] bool take(std::string_view& text, std::string_view word) noexcept {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

// Takes what precedes `end` and `end` itself off the front.
[[nodiscard]] bool take_until(std::string_view& text, char end, std::string_view& out) noexcept {
  const std::size_t at = text.find(end);
  if (at == std::string_view::npos) return false;
  out = text.substr(0, at);
  text.remove_prefix(at + 1);
  return true;
}

// A record is no longer than 65,535 bytes, and neither are ids, offsets and sizes in it.
[[nodiscard]] bool to_u16(std::string_view text, std::uint16_t& out) noexcept {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

bool all_of(std::string_view text, std::string_view punctuation) noexcept {
  return std::ranges::all_of(text, [&](char c) { return is_word_char(c) || punctuation.contains(c); });
}

bool is_identifier(std::string_view text) noexcept {
  return !text.empty() && (text.front() < '0' || text.front() > '9') && all_of(text, "");
}

// "const struct sk_buff *": words and asterisks, a word first.
bool is_type(std::string_view text) noexcept {
  return is_identifier(text.substr(0, text.find_first_of(" *"))) && all_of(text, " *");
}

// "unsigned long args": a type, then a name.
bool is_type_and_name(std::string_view text) noexcept {
  const std::size_t end_of_type = text.find_last_of(" *");
  return end_of_type != std::string_view::npos && is_identifier(text.substr(end_of_type + 1)) &&
         is_type(text.substr(0, end_of_type + 1));
}

// What stands between the brackets of an array: nothing, a number, or an expression of the kernel's.
bool is_length(std::string_view text) noexcept { return all_of(text, " *(),+"); }

// "unsigned long args[6]", "__data_loc char[] name". Less than a type and a name makes libtraceevent lose memory.
bool is_declaration(std::string_view text) noexcept {
  if (text.size() > kMaxDeclarationLength || text.contains(kStringMacro)) return false;
  const bool dynamic = take(text, "__data_loc ") || take(text, "__rel_loc ");
  const std::size_t open = text.find('[');
  const std::size_t close = text.find(']');
  if (open == std::string_view::npos && close == std::string_view::npos) return is_type_and_name(text);
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return false;
  const std::string_view before = text.substr(0, open);
  std::string_view behind = text.substr(close + 1);
  if (!is_length(text.substr(open + 1, close - open - 1))) return false;
  if (behind.empty()) return is_type_and_name(before);
  return dynamic && is_type(before) && take(behind, " ") && is_identifier(behind);
}

// "\tfield:DECLARATION;\toffset:N;\tsize:N;\tsigned:0;"
bool is_field_line(std::string_view line) noexcept {
  std::string_view declaration;
  std::string_view offset;
  std::string_view size;
  std::uint16_t number = 0;
  return take(line, "\tfield:") && take_until(line, ';', declaration) && is_declaration(declaration) &&
         take(line, "\toffset:") && take_until(line, ';', offset) && to_u16(offset, number) && take(line, "\tsize:") &&
         take_until(line, ';', size) && to_u16(size, number) && (line == "\tsigned:0;" || line == "\tsigned:1;");
}

[[nodiscard]] bool take_line(std::string_view& text, std::string_view& line) noexcept {
  return take_until(text, '\n', line);
}

// The lines up to "format:". What it has checked it appends to `out`.
Result<> check_head(std::string_view& text, FormatText& out) {
  std::string_view line;
  if (!take_line(text, line) || !take(line, "name: ") || !is_trace_name(line)) {
    return fail(ErrorKind::kInput, "its first line is not \"name: NAME\"");
  }
  out.name = line;
  if (!take_line(text, line) || !take(line, "ID: ") || !to_u16(line, out.id)) {
    return fail(ErrorKind::kInput, "its second line is not \"ID: NUMBER\"");
  }
  if (!take_line(text, line) || line != "format:") return fail(ErrorKind::kInput, "its third line is not \"format:\"");
  out.sanitized = fmt::format("name: {}\nID: {}\nformat:\n", out.name, out.id);
  return {};
}

}  // namespace

bool is_trace_name(std::string_view name) noexcept {
  return !name.empty() && name.size() <= kMaxNameLength && !name.contains(kStringMacro) &&
         std::ranges::all_of(name, [](char c) { return is_word_char(c) || c == '.' || c == '-'; });
}

Result<FormatText> check_format_text(std::string_view text) {
  FormatText out;
  if (auto head = check_head(text, out); !head) return pass_on(head);
  std::size_t fields = 0;
  while (!take(text, "print fmt: ")) {
    std::string_view line;
    if (!take_line(text, line)) return fail(ErrorKind::kInput, "it has no print fmt");
    if (!line.empty() && !is_field_line(line)) {
      return fail(ErrorKind::kInput, "its field line {} is not what a kernel writes", fields + 1);
    }
    fields += line.empty() ? 0 : 1;
    out.sanitized.append(line).push_back('\n');
  }
  if (fields < kCommonFields) return fail(ErrorKind::kInput, "it has {} fields, fewer than the common ones", fields);
  out.field_count = fields;
  out.sanitized += "print fmt: \"\"\n";
  out.print_fmt = text.substr(0, text.find('\n'));
  if (out.print_fmt.size() > kMaxPrintFmtLength) {
    return fail(ErrorKind::kInput, "it has a print fmt of {} bytes", out.print_fmt.size());
  }
  return out;
}

}  // namespace sockscope::tracepoint
