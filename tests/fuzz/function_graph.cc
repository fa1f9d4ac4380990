#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "analysis/call_trace.h"
#include "analysis/call_tree.h"
#include "parsers/function_graph/text_reader.h"
#include "tests/fuzz/target.h"

// The size of the pieces, and function_graph text, through the call tree with limits that an input reaches. Whatever
// the text, self times add up.
namespace sockscope {
namespace {

void run(std::string_view input) {
  const std::size_t piece = input.empty() ? 1 : static_cast<unsigned char>(input.front()) + std::size_t{1};
  CallTreeBuilder builder({.functions = 6, .nodes = 12, .lanes = 3});
  function_graph::TextReader reader([&builder](const function_graph::FunctionEvent& event) {
    fuzz::touch(event.name);
    builder.on(event);
  });
  for (std::size_t at = 1; at < input.size(); at += piece) {
    if (!reader.read(input.substr(at, piece))) return;
  }
  (void)reader.finish();
  const CallTrace trace{.tree = builder.finish()};
  const auto laws = laws_of(trace);
  if (!laws.empty() && !laws.front().holds) std::abort();
  if (trace.tree.nodes.size() > 14 || trace.tree.functions.size() > 8) std::abort();
}

}  // namespace
}  // namespace sockscope

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sockscope::run(sockscope::perf_data::as_text(sockscope::fuzz::input_bytes(data, size)));
  return 0;
}
