#include "tests/parsers/fixtures.h"

#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>

namespace sockscope {
namespace {

std::uint64_t to_number(const std::string& text) { return text.empty() ? 0 : std::stoull(text); }

// "  comm  tid [cpu]  seconds.nanoseconds:  system:name: trace"; a comm may hold spaces.
ScriptLine parse_script_line(const std::string& line) {
  const std::size_t bracket = line.find(" [0");
  const std::size_t tid_at = line.rfind(' ', bracket - 1);
  const std::size_t comm_at = line.find_first_not_of(' ');
  std::istringstream rest(line.substr(bracket + 2));
  char skipped = 0;
  std::uint64_t seconds = 0;
  std::string nanoseconds;
  ScriptLine out;
  rest >> out.cpu >> skipped >> seconds >> skipped >> nanoseconds >> out.event;
  std::getline(rest >> std::ws, out.trace);
  out.time_ns = seconds * 1'000'000'000U + to_number(nanoseconds.substr(0, 9));
  out.event.pop_back();
  out.tid = static_cast<std::int32_t>(std::stol(line.substr(tid_at)));
  out.comm = line.substr(comm_at, line.find_last_not_of(' ', tid_at) + 1 - comm_at);
  return out;
}

}  // namespace

std::filesystem::path fixture(std::string_view name) { return std::filesystem::path(SOCKSCOPE_FIXTURES) / name; }

std::vector<ManifestRow> read_manifest() {
  std::vector<ManifestRow> rows;
  std::ifstream file(fixture("MANIFEST.tsv"));
  std::string line;
  for (std::getline(file, line); std::getline(file, line);) {
    std::vector<std::string> cells;
    std::istringstream cut(line);
    for (std::string cell; std::getline(cut, cell, '\t');) cells.push_back(cell);
    if (cells.size() < 16) continue;
    rows.push_back(
        {.file = cells[0],
         .bytes = to_number(cells[1]),
         .kind = cells[3],
         .attrs = to_number(cells[6]),
         .records = to_number(cells[8]),
         .samples = to_number(cells[9]),
         .compressed_records = to_number(cells[11]),
         .formats = cells[13].find_first_not_of("0123456789") == std::string::npos ? to_number(cells[13]) : 0,
         .osrelease = cells[14],
         .perf_version = cells[15]});
  }
  return rows;
}

std::vector<ScriptLine> read_script(const std::filesystem::path& path) {
  std::vector<ScriptLine> lines;
  const std::string command = "xzcat '" + path.string() + "' 2>/dev/null";
  const auto close = [](std::FILE* pipe) { ::pclose(pipe); };
  const std::unique_ptr<std::FILE, decltype(close)> pipe(::popen(command.c_str(), "r"), close);
  if (!pipe) return lines;
  std::string text;
  std::array<char, 65536> buffer{};
  for (std::size_t count = 0; (count = std::fread(buffer.data(), 1, buffer.size(), pipe.get())) > 0;)
    text.append(buffer.data(), count);
  std::istringstream input(text);
  for (std::string line; std::getline(input, line);) lines.push_back(parse_script_line(line));
  return lines;
}

}  // namespace sockscope
