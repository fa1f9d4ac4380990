#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/error.h"
#include "parsers/perf_data/bytes.h"
#include "parsers/perf_data/mapped_file.h"

namespace sockscope::perf_data {

/// The records of a recording after unpacking, in a file of their own.
struct Unpacked {
  MappedFile file;
  std::vector<std::size_t> sizes;  ///< Bytes that each region came to, one after the other in the file.
  bool truncated = false;          ///< A region could not be unpacked to its end; what was before that is here.

  [[nodiscard]] std::vector<Bytes> regions() const;
};

/// Unpacks regions of records, each a stream of its own (unpacker.h), into a Spool. kEnvironment when it finds no room.
[[nodiscard]] Result<Unpacked> unpack(std::span<const Bytes> regions, ByteOrder order);

}  // namespace sockscope::perf_data
