#include "report/export/folded_stacks.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <ranges>

#include "base/printable.h"
#include "parsers/perf_data/abi.h"
#include "parsers/perf_data/mmap_record.h"
#include "parsers/perf_data/sample_layout.h"
#include "parsers/perf_data/task_names.h"

namespace sockscope {
namespace {

using perf_data::Record;

constexpr std::size_t kHandedOnAtOnce = std::size_t{64} * 1024;
constexpr std::string_view kUserFrame = "[user]";
constexpr std::string_view kKernelFile = "[kernel.kallsyms]";

/// A frame's text: semicolons end it.
std::string frame_of(std::string_view text) {
  std::string frame = printable(text);
  std::ranges::replace(frame, ';', ':');
  return frame;
}

/// The frames of a recording's chains, each looked up once.
class Frames {
 public:
  explicit Frames(const KernelSymbols& symbols) : symbols_(symbols) {}

  /// Return addresses are behind the call, which may be the last of its function.
  const std::string& kernel(std::uint64_t address, bool is_innermost) {
    const std::uint64_t within = is_innermost || address == 0 ? address : address - 1;
    const auto [found, is_new] = names_.try_emplace(within);
    if (is_new) {
      const std::string_view name = symbols_.name_at(within);
      found->second = name.empty() ? fmt::format("{:#x}", address) : frame_of(name);
    }
    return found->second;
  }

 private:
  const KernelSymbols& symbols_;
  std::unordered_map<std::uint64_t, std::string> names_;
};

/// From the innermost frame out, as the chain has them.
std::vector<std::string_view> frames_of(perf_data::Bytes chain, perf_data::ByteOrder order, Frames& frames) {
  std::vector<std::string_view> found;
  bool in_kernel = false;
  bool is_innermost = true;
  for (std::size_t at = 0; at + sizeof(std::uint64_t) <= chain.size(); at += sizeof(std::uint64_t)) {
    const auto address = perf_data::load<std::uint64_t>(chain.data() + at, order);
    if (address >= perf_data::callchain_mark::kFirst) {
      in_kernel = address == perf_data::callchain_mark::kKernel;
      continue;
    }
    if (in_kernel) {
      found.emplace_back(frames.kernel(address, is_innermost));
    } else if (found.empty() || found.back() != kUserFrame) {
      found.push_back(kUserFrame);
    }
    is_innermost = false;
  }
  return found;
}

std::string event_name(const perf_data::Attr& attr) {
  return frame_of(attr.name.empty() ? fmt::format("{}:{}", attr.type, attr.config) : attr.name);
}

}  // namespace

std::uint64_t FoldedStacks::add(const perf_data::Reader& reader, const KernelSymbols& symbols, std::string_view root,
                                const std::function<void()>& on_event, const ThreadFilter& is_wanted) {
  const perf_data::ByteOrder order = reader.info().byte_order;
  std::vector<perf_data::SampleLayout> layouts;
  std::vector<std::string> events;
  for (const perf_data::Attr& attr : reader.attrs()) {
    layouts.emplace_back(attr.sample_type, attr.read_format, attr.is_tracepoint());
    events.push_back(event_name(attr));
  }
  Frames frames(symbols);
  perf_data::TaskNames names;
  std::uint64_t added = 0;
  std::string line;
  for (auto stream = reader.records(); const Record* record = stream.next();) {
    if (record->type != perf_data::record_type::kSample) {
      names.apply(*record, order);
      continue;
    }
    on_event();
    if (record->attr >= layouts.size()) continue;
    const auto chain = layouts[record->attr].callchain(record->body, order);
    if (!chain) continue;
    const std::string_view comm = names.name_of(record->pid, record->tid);
    if (is_wanted && !is_wanted(record->tid, comm)) continue;
    line.clear();
    if (!root.empty()) line.append(frame_of(root)).append(";");
    line += comm.empty() ? fmt::format(":{}", record->tid) : frame_of(comm);
    for (const std::string_view frame : frames_of(*chain, order, frames) | std::views::reverse) {
      line.append(";").append(frame);
    }
    line.append(";").append(events[record->attr]);
    ++counts_.try_emplace(line).first->second;
    ++added;
  }
  return added;
}

void FoldedStacks::write(const ByteSink& sink) const {
  std::string lines;
  for (const auto& [stack, count] : counts_) {
    fmt::format_to(std::back_inserter(lines), "{} {}\n", stack, count);
    if (lines.size() < kHandedOnAtOnce) continue;
    sink(lines);
    lines.clear();
  }
  sink(lines);
}

KernelAnchor kernel_anchor(const perf_data::Reader& reader) {
  const perf_data::ByteOrder order = reader.info().byte_order;
  for (auto stream = reader.records(); const Record* record = stream.next();) {
    // perf writes what it knows of the kernel before the first sample.
    if (record->type == perf_data::record_type::kSample) break;
    const auto map = perf_data::parse_mmap(*record, order);
    if (!map || map->pid != -1 || !map->file.starts_with(kKernelFile)) continue;
    return {.name = std::string(map->file.substr(kKernelFile.size())), .address = map->offset};
  }
  return {};
}

bool has_call_chains(const perf_data::Reader& reader) {
  return std::ranges::any_of(reader.attrs(), [](const perf_data::Attr& attr) {
    return (attr.sample_type & perf_data::sample_bit::kCallchain) != 0;
  });
}

}  // namespace sockscope
