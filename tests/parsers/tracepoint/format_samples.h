#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "parsers/tracepoint/catalog.h"
#include "tests/support/byte_writer.h"

// Literal format texts of kernels old and new, and payloads to read with them.
namespace sockscope::tracepoint {

inline constexpr std::string_view kCommonFields =
    "\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
    "\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"
    "\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n"
    "\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n"
    "\n";

/// A format text with the common fields, `fields` (lines) and `print_fmt`.
[[nodiscard]] inline std::string format_text(std::string_view name, int id, std::string_view fields,
                                             std::string_view print_fmt = R"("")") {
  return fmt::format("name: {}\nID: {}\nformat:\n{}{}\nprint fmt: {}\n", name, id, kCommonFields, fields, print_fmt);
}

/// sched_switch of 6.18, whole.
[[nodiscard]] inline std::string sched_switch_6_18() {
  return format_text(
      "sched_switch", 372,
      "\tfield:char prev_comm[16];\toffset:8;\tsize:16;\tsigned:0;\n"
      "\tfield:pid_t prev_pid;\toffset:24;\tsize:4;\tsigned:1;\n"
      "\tfield:int prev_prio;\toffset:28;\tsize:4;\tsigned:1;\n"
      "\tfield:long prev_state;\toffset:32;\tsize:8;\tsigned:1;\n"
      "\tfield:char next_comm[16];\toffset:40;\tsize:16;\tsigned:0;\n"
      "\tfield:pid_t next_pid;\toffset:56;\tsize:4;\tsigned:1;\n"
      "\tfield:int next_prio;\toffset:60;\tsize:4;\tsigned:1;\n",
      R"("prev_comm=%s prev_pid=%d prev_prio=%d prev_state=%s%s ==> next_comm=%s next_pid=%d next_prio=%d", )"
      "REC->prev_comm, REC->prev_pid, REC->prev_prio, (REC->prev_state & ((((0x00000000 | 0x00000001 | 0x00000002 | "
      "0x00000004 | 0x00000008 | 0x00000010 | 0x00000020 | 0x00000040) + 1) << 1) - 1)) ? "
      "__print_flags(REC->prev_state & ((((0x00000000 | 0x00000001 | 0x00000002 | 0x00000004 | 0x00000008 | "
      R"(0x00000010 | 0x00000020 | 0x00000040) + 1) << 1) - 1), "|", { 0x00000001, "S" }, { 0x00000002, "D" }, )"
      R"({ 0x00000004, "T" }, { 0x00000008, "t" }, { 0x00000010, "X" }, { 0x00000020, "Z" }, { 0x00000040, )"
      R"("P" }, { 0x00000080, "I" }) : "R", REC->prev_state & (((0x00000000 | 0x00000001 | 0x00000002 | )"
      R"(0x00000004 | 0x00000008 | 0x00000010 | 0x00000020 | 0x00000040) + 1) << 1) ? "+" : "", REC->next_comm, )"
      "REC->next_pid, REC->next_prio");
}

/// A catalog of one format, and that format.
struct OneFormat {
  explicit OneFormat(const std::string& text, std::string_view system = "test") {
    const perf_data::FormatSource source{.system = system, .text = text};
    auto read = Catalog::from_format_texts({&source, 1});
    if (read && read->formats().size() == 1) format = read->formats().front();
  }

  Format format;  ///< Empty when the text was rejected.
};

/// The 8 bytes of the common fields, to begin a payload with.
[[nodiscard]] inline test_support::ByteWriter payload_of(std::uint16_t id,
                                                         perf_data::ByteOrder order = perf_data::ByteOrder::kNative) {
  test_support::ByteWriter out(order);
  out.u16(id).u8(0).u8(0).u32(4711);
  return out;
}

}  // namespace sockscope::tracepoint
