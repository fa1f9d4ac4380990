#include <algorithm>
#include <string_view>

#include "parsers/perf_data/bytes.h"
#include "parsers/ring_buffer/page_layout.h"
#include "parsers/ring_buffer/page_reader.h"
#include "tests/fuzz/target.h"

// The text of header_page, a NUL, and a page.
namespace sockscope::ring_buffer {
namespace {

void run(perf_data::Bytes input) {
  const std::string_view text = perf_data::until_nul(perf_data::as_text(input));
  const auto layout = PageLayout::parse(text);
  if (!layout) return;
  PageReader reader(*layout, input.subspan(std::min(text.size() + 1, input.size())));
  for (Entry entry; reader.next(entry);) fuzz::touch(perf_data::as_text(entry.payload));
}

}  // namespace
}  // namespace sockscope::ring_buffer

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sockscope::ring_buffer::run(sockscope::fuzz::input_bytes(data, size));
  return 0;
}
