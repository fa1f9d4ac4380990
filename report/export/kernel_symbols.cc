#include "report/export/kernel_symbols.h"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <unordered_set>
#include <utility>

namespace sockscope {
namespace {

constexpr std::size_t kLongestText = std::size_t{1} << 30U;  // beyond any kernel's

/// "ffffffff81000000 T _text", "ffffffffc0000000 t read_it<tab>[module]".
struct Line {
  std::uint64_t address = 0;
  std::string_view name;
};

std::optional<Line> function_in(std::string_view line) {
  Line function;
  const char* const begin = line.data();
  const char* const end = begin + line.size();
  const auto [rest, error] = std::from_chars(begin, end, function.address, 16);
  if (error != std::errc{} || end - rest < 4 || rest[0] != ' ' || rest[2] != ' ') return std::nullopt;
  if (std::string_view("tTwW").find(rest[1]) == std::string_view::npos) return std::nullopt;
  function.name = std::string_view(rest + 3, static_cast<std::size_t>(end - rest) - 3);
  function.name = function.name.substr(0, function.name.find_first_of("\t "));
  return function;
}

template <class OnLine>
void for_each_line(std::string_view text, OnLine on_line) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    on_line(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace

KernelSymbols::KernelSymbols(std::string text) : text_(std::move(text)) {
  if (text_.size() > kLongestText) text_.clear();
  for_each_line(text_, [this](std::string_view line) {
    const auto function = function_in(line);
    if (!function || function->address == 0) return;
    functions_.push_back({.address = function->address,
                          .at = static_cast<std::uint32_t>(function->name.data() - text_.data()),
                          .length = static_cast<std::uint32_t>(function->name.size())});
  });
  std::ranges::stable_sort(functions_, {}, &Function::address);
}

std::string_view KernelSymbols::name_at(std::uint64_t address) const {
  const auto after = std::ranges::upper_bound(functions_, address, {}, &Function::address);
  if (after == functions_.begin()) return {};
  const auto first = std::ranges::lower_bound(functions_, (after - 1)->address, {}, &Function::address);
  return name_of(*first);
}

std::optional<std::uint64_t> KernelSymbols::address_of(std::string_view name) const {
  const auto found =
      std::ranges::find_if(functions_, [&](const Function& function) { return name_of(function) == name; });
  return found == functions_.end() ? std::nullopt : std::optional(found->address);
}

std::string functions_of_kallsyms(std::string_view text) {
  std::string functions;
  for_each_line(text, [&functions](std::string_view line) {
    const auto function = function_in(line);
    if (function && function->address != 0) functions.append(line).append("\n");
  });
  return functions;
}

std::string united_functions(std::string_view earlier, std::string_view later) {
  std::string united(later);
  std::unordered_set<std::string_view> there;
  for_each_line(later, [&there](std::string_view line) { there.insert(line); });
  for_each_line(earlier, [&](std::string_view line) {
    if (!there.contains(line)) united.append(line).append("\n");
  });
  return united;
}

}  // namespace sockscope
