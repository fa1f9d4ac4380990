#include "tests/report/export/perfetto_text.h"

#include <fmt/format.h>

#include <cstdint>
#include <map>
#include <protozero/pbf_reader.hpp>

namespace sockscope {
namespace {

/// A message's numbers and texts by their tag, and the messages within it.
struct Message {
  explicit Message(protozero::pbf_reader reader) {
    while (reader.next()) {
      const std::uint32_t tag = reader.tag();
      switch (reader.wire_type()) {
        case protozero::pbf_wire_type::varint:
          numbers[tag] = reader.get_uint64();
          break;
        case protozero::pbf_wire_type::fixed64:
          numbers[tag] = reader.get_fixed64();
          break;
        default: {
          const auto view = reader.get_view();
          texts[tag] = std::string(view.data(), view.size());
        }
      }
    }
  }
  [[nodiscard]] Message in(std::uint32_t tag) const {
    const auto found = texts.find(tag);
    return Message(found == texts.end() ? protozero::pbf_reader() : protozero::pbf_reader(found->second));
  }
  [[nodiscard]] bool has(std::uint32_t tag) const { return texts.contains(tag) || numbers.contains(tag); }
  [[nodiscard]] std::uint64_t number(std::uint32_t tag) const {
    const auto found = numbers.find(tag);
    return found == numbers.end() ? 0 : found->second;
  }
  [[nodiscard]] std::string text(std::uint32_t tag) const {
    const auto found = texts.find(tag);
    return found == texts.end() ? "" : found->second;
  }

  std::map<std::uint32_t, std::uint64_t> numbers;
  std::map<std::uint32_t, std::string> texts;
};

std::string line_of_descriptor(const Message& track) {
  if (track.has(3)) return fmt::format("process {} {}", track.in(3).number(1), track.in(3).text(6));
  if (track.has(4)) {
    const Message thread = track.in(4);
    return fmt::format("thread {} {}/{} {}", track.number(1), thread.number(1), thread.number(2), thread.text(5));
  }
  return fmt::format("track {} below {} {}", track.number(1), track.number(5), track.text(2));
}

std::string line_of(const Message& packet) {
  if (packet.has(60)) return line_of_descriptor(packet.in(60));
  if (packet.has(117)) {
    const Message state = packet.in(117);
    return fmt::format("{} state of {} on CPU {}: {}", packet.number(8), state.number(3), state.number(1),
                       state.number(4));
  }
  const Message event = packet.in(11);
  if (event.number(9) == 2) return fmt::format("{} end on {}", packet.number(8), event.number(11));
  return fmt::format("{} begin {} on {}{}", packet.number(8), event.text(23), event.number(11),
                     event.has(47) ? fmt::format(", arrow {}", event.number(47)) : "");
}

}  // namespace

std::vector<std::string> perfetto_lines(const std::string& trace) {
  std::vector<std::string> lines;
  protozero::pbf_reader packets(trace);
  while (packets.next(1)) lines.push_back(line_of(Message(packets.get_message())));
  return lines;
}

}  // namespace sockscope
