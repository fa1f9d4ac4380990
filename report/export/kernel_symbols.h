#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sockscope {

/// The functions of a kernel and its modules, from the text of /proc/kallsyms.
class KernelSymbols {
 public:
  KernelSymbols() = default;
  /// Lines that make no sense are left out, and all of them if the addresses are hidden (kptr_restrict(5)).
  explicit KernelSymbols(std::string text);
  KernelSymbols(const KernelSymbols&) = delete;
  KernelSymbols(KernelSymbols&&) = default;
  KernelSymbols& operator=(const KernelSymbols&) = delete;
  KernelSymbols& operator=(KernelSymbols&&) = default;
  ~KernelSymbols() = default;

  [[nodiscard]] bool empty() const { return functions_.empty(); }

  /// The function that has this address in it; of several at one place the first in the text. Empty: none begins
  /// before.
  [[nodiscard]] std::string_view name_at(std::uint64_t address) const;
  [[nodiscard]] std::optional<std::uint64_t> address_of(std::string_view name) const;

 private:
  struct Function {
    std::uint64_t address = 0;
    std::uint32_t at = 0;  // of the name, in the text
    std::uint32_t length = 0;
  };

  [[nodiscard]] std::string_view name_of(const Function& function) const {
    return std::string_view(text_).substr(function.at, function.length);
  }

  std::string text_;
  std::vector<Function> functions_;  // by address
};

/// The lines of /proc/kallsyms that are of functions: what a run directory keeps of it.
[[nodiscard]] std::string functions_of_kallsyms(std::string_view text);

/// The lines of both, those of `later` first and each once: programs come and go while something is recorded (BPF).
[[nodiscard]] std::string united_functions(std::string_view earlier, std::string_view later);

}  // namespace sockscope
