#include "tests/report/documented_keys.h"

#include <fmt/format.h>

#include "tests/report/golden.h"

namespace sockscope::testing {

std::set<std::string> documented_keys(std::string_view of) {
  const std::string readme = read_source_file("results/README.md");
  const std::size_t begin = readme.find(fmt::format("<!-- keys of {} -->", of));
  const std::string tables =
      readme.substr(begin, readme.find(fmt::format("<!-- end of the keys of {} -->", of)) - begin);
  std::set<std::string> keys;
  for (std::size_t line = tables.find("\n| `"); line != std::string::npos; line = tables.find("\n| `", line + 1)) {
    const std::string cell = tables.substr(line + 3, tables.find(" |", line + 3) - line - 3);
    for (std::size_t at = 0; at < cell.size();) {
      const std::size_t end = cell.find('`', at + 1);
      keys.insert(cell.substr(at + 1, end - at - 1));
      at = cell.find('`', end + 1);
    }
  }
  return keys;
}

}  // namespace sockscope::testing
