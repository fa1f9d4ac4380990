#include <fcntl.h>
#include <linux/perf_event.h>

#include <chrono>
#include <cstdio>
#include <cstring>

#include "base/unique_fd.h"
#include "parsers/perf_data/file_header.h"
#include "parsers/perf_data/mapped_file.h"
#include "parsers/perf_data/record_walker.h"

// The least that any reader of a recording has to do, to measure the readers against (`make -f Makefile.perf
// bench-engine`): steps from record to record of a mapped file, in the order of the file, and loads each sample's time,
// which is taken to be the fourth word of every sample. Nothing is checked.
namespace {

using namespace sockscope::perf_data;  // NOLINT(google-build-using-namespace): the program is nothing but this

constexpr std::size_t kTimeAt = 3 * sizeof(std::uint64_t);  // behind IDENTIFIER, IP, pid and tid

struct Walk {
  std::uint64_t records = 0;
  std::uint64_t samples = 0;
  std::uint64_t sum = 0;  // of the times, so that they must be loaded
};

Walk walk(Bytes records) {
  Walk result;
  const std::byte* at = records.data();
  for (const std::byte* const end = at + records.size(); at + kRecordHeaderSize <= end;) {
    perf_event_header header;
    std::memcpy(&header, at, sizeof header);
    if (header.size < kRecordHeaderSize) break;
    ++result.records;
    if (header.type == PERF_RECORD_SAMPLE) {
      ++result.samples;
      result.sum += load<std::uint64_t>(at + kRecordHeaderSize + kTimeAt);
    }
    at += header.size;
  }
  return result;
}

}  // namespace

// Prints the seconds that mapping and walking took.
int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const sockscope::UniqueFd file(::open(argv[1], O_RDONLY | O_CLOEXEC));
  const auto start = std::chrono::steady_clock::now();
  const auto mapped = MappedFile::map(file);
  if (!mapped) return 4;
  const auto header = parse_file_header(mapped->bytes());
  Bytes records;
  if (!header || !find_section(mapped->bytes(), header->data, records)) return 4;
  const Walk result = walk(records);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  std::printf("%.6f seconds, %llu records, %llu samples (%llx)\n", seconds.count(),
              static_cast<unsigned long long>(result.records), static_cast<unsigned long long>(result.samples),
              static_cast<unsigned long long>(result.sum));
  return 0;
}
