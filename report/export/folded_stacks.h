#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "parsers/perf_data/reader.h"
#include "report/export/kernel_symbols.h"
#include "report/export/perfetto_packets.h"

namespace sockscope {

/// Whether the samples of a thread are wanted, by its id and name.
using ThreadFilter = std::function<bool(std::int32_t tid, std::string_view comm)>;

/// Call chains as flamegraph.pl takes them: "comm;outermost;...;innermost;event count", a line for each chain there is.
/// Functions of the kernel have their names where symbols know them, else their address; what a program did before it
/// came into the kernel is one frame, [user]: recordings have no symbols of programs. Memory: by the number of
/// different chains.
class FoldedStacks {
 public:
  /// Adds a sample each: its chain once. `symbols` are those of the recorded kernel, or empty; `root`, if there is one,
  /// stands before the thread's name. `on_event` is called for each sample. Returns how many samples had a call chain
  /// and were added, which those of threads that are not wanted are not.
  std::uint64_t add(const perf_data::Reader& reader, const KernelSymbols& symbols, std::string_view root,
                    const std::function<void()>& on_event, const ThreadFilter& is_wanted = {});

  /// How often each line's chain was added: the line without its count.
  [[nodiscard]] const std::map<std::string, std::uint64_t, std::less<>>& counts() const { return counts_; }

  /// All lines, in the order of their text.
  void write(const ByteSink& sink) const;

 private:
  std::map<std::string, std::uint64_t, std::less<>> counts_;
};

/// The kernel's own symbol that a recording names, and where it was: by this, symbols are known to be of the recorded
/// kernel. Empty name: it says nothing.
struct KernelAnchor {
  std::string name;
  std::uint64_t address = 0;
};
[[nodiscard]] KernelAnchor kernel_anchor(const perf_data::Reader& reader);

/// Whether any event was recorded with its call chain.
[[nodiscard]] bool has_call_chains(const perf_data::Reader& reader);

}  // namespace sockscope
