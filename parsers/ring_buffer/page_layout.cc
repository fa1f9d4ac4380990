#include "parsers/ring_buffer/page_layout.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace sockscope::ring_buffer {
namespace {

// Linux has made sub-buffers of up to 64 KiB possible in 6.8; what is far beyond that is no page.
constexpr std::size_t kLargestPage = std::size_t{1} << 20;

std::optional<std::size_t> number_after(std::string_view line, std::string_view label) {
  const auto at = line.find(label);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view digits = line.substr(at + label.size());
  std::size_t number = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return parsed.ec == std::errc{} ? std::optional(number) : std::nullopt;
}

struct Place {
  std::size_t offset = 0;
  std::size_t size = 0;
};

/// Without adding: an offset may be as large as a number can.
bool lies_before(const Place& place, std::size_t end) { return place.size <= end && place.offset <= end - place.size; }

/// Of "field: TYPE NAME;\toffset:N;\tsize:N;\tsigned:N;".
std::optional<Place> place_of(std::string_view text, std::string_view name) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const std::string_view declaration = line.substr(0, line.find(';'));
    if (!declaration.ends_with(name) || !declaration.contains("field:")) continue;
    const auto offset = number_after(line, "offset:");
    const auto size = number_after(line, "size:");
    if (!offset || !size) return std::nullopt;
    return Place{.offset = *offset, .size = *size};
  }
  return std::nullopt;
}

}  // namespace

Result<PageLayout> PageLayout::parse(std::string_view header_page) {
  const auto timestamp = place_of(header_page, " timestamp");
  const auto commit = place_of(header_page, " commit");
  const auto data = place_of(header_page, " data");
  if (!timestamp || !commit || !data) return fail(ErrorKind::kInput, "events/header_page lacks one of its fields");
  const bool is_sound = timestamp->size == 8 && (commit->size == 4 || commit->size == 8) &&
                        data->offset <= kLargestPage && data->size <= kLargestPage &&
                        lies_before(*timestamp, data->offset) && lies_before(*commit, data->offset) && data->size >= 8;
  if (!is_sound) return fail(ErrorKind::kInput, "events/header_page describes no ring buffer page");
  return PageLayout{.timestamp_at = timestamp->offset,
                    .commit_at = commit->offset,
                    .commit_size = commit->size,
                    .data_at = data->offset,
                    .data_size = data->size};
}

}  // namespace sockscope::ring_buffer
