#include "parsers/perf_data/unpacked.h"

#include <utility>

#include "parsers/perf_data/spool.h"
#include "parsers/perf_data/unpacker.h"

namespace sockscope::perf_data {

std::vector<Bytes> Unpacked::regions() const {
  std::vector<Bytes> regions;
  Bytes rest = file.bytes();
  for (const std::size_t size : sizes) {
    regions.push_back(rest.first(size));
    rest = rest.subspan(size);
  }
  return regions;
}

Result<Unpacked> unpack(std::span<const Bytes> regions, ByteOrder order) {
  auto spool = Spool::make();
  if (!spool) return pass_on(spool);
  std::vector<std::size_t> sizes;
  bool truncated = false;
  for (const Bytes region : regions) {
    std::size_t size = 0;
    Unpacker unpacker(order, [&](Bytes records) {
      size += records.size();
      return spool->append(records);
    });
    if (auto done = unpacker.unpack(region); !done) return pass_on(done);
    sizes.push_back(size);
    truncated = truncated || unpacker.broken();
  }
  auto file = std::move(*spool).map();
  if (!file) return pass_on(file);
  return Unpacked{.file = std::move(*file), .sizes = std::move(sizes), .truncated = truncated};
}

}  // namespace sockscope::perf_data
