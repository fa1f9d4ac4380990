#include "harness/variant_options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <optional>
#include <utility>

namespace sockscope {
namespace {

std::optional<Protocol> protocol_named(std::string_view name) {
  const auto found = std::ranges::find(kProtocols, name, [](Protocol protocol) { return name_of(protocol); });
  return found == kProtocols.end() ? std::nullopt : std::optional(*found);
}

/// The whole of what it differs in, in one sentence for the error.
Result<VariantOptions> of_description(const MeasureOptions& measure, const std::string& key, const std::string& text) {
  std::vector<std::string> words = CLI::detail::split_up(text);
  const auto protocol = words.empty() ? std::nullopt : protocol_named(words.front());
  if (!protocol) {
    return fail(ErrorKind::kUsage, "--{} \"{}\": begin with the protocol, as in --{} 'tcp --size 1400'", key, text,
                key);
  }
  VariantOptions options{
      .variant = {.key = key, .label = key == "a" ? "A" : "B", .description = text, .protocol = *protocol},
      .measure = measure};
  CLI::App app("", "--" + key);
  app.set_help_flag();
  options.measure.sweep.reset();
  add_measure_options(app, options.measure);
  // CLI11 takes words from the end.
  words.erase(words.begin());
  std::ranges::reverse(words);
  try {
    app.parse(words);
  } catch (const CLI::ParseError& error) {
    return fail(ErrorKind::kUsage, "--{} \"{}\": {} (see sockscope compare --help)", key, text, error.what());
  }
  if (options.measure.sweep) {
    return fail(ErrorKind::kUsage, "--{} \"{}\": one --{}, since a list of them makes a comparison each", key, text,
                name_of(options.measure.sweep->by));
  }
  return options;
}

}  // namespace

std::vector<VariantOptions> of_protocols(const MeasureOptions& measure, std::span<const Protocol> protocols) {
  std::vector<VariantOptions> variants;
  variants.reserve(protocols.size());
  for (const Protocol protocol : protocols) variants.push_back({variant_of(protocol), measure});
  return variants;
}

Result<std::vector<VariantOptions>> of_descriptions(const MeasureOptions& measure, const std::string& a,
                                                    const std::string& b) {
  std::vector<VariantOptions> variants;
  for (const auto& [key, text] : {std::pair{"a", &a}, std::pair{"b", &b}}) {
    auto variant = of_description(measure, key, *text);
    if (!variant) return pass_on(variant);
    variants.push_back(std::move(*variant));
  }
  if (variants[0].measure.workload != variants[1].measure.workload) {
    return fail(ErrorKind::kUsage, "--a and --b measure different workloads, whose figures have nothing in common");
  }
  return variants;
}

Result<std::vector<VariantOptions>> variants_of(const MeasureOptions& measure, const std::string& a,
                                                const std::string& b) {
  if (a.empty()) return of_protocols(measure, kProtocols);
  return of_descriptions(measure, a, b);
}

}  // namespace sockscope
