#include "parsers/perf_data/record_index.h"

#include <algorithm>
#include <future>
#include <optional>
#include <thread>
#include <vector>

#include "parsers/perf_data/record_indexer.h"
#include "parsers/perf_data/record_walker.h"

namespace sockscope::perf_data {
namespace {

// Below this a second thread is not worth its start.
constexpr std::size_t kSmallestPart = 8UL * 1024 * 1024;

// Whether the next records from here on could be records: enough of them to make chance unlikely.
bool looks_like_records(const Session& session, Bytes region) {
  constexpr int enough = 32;
  RecordWalker walker(region, session.byte_order());
  RawRecord raw;
  Record record;
  for (int seen = 0; seen < enough && walker.next(raw); ++seen) {
    if (session.decode(raw, record) != Session::Outcome::kOk || raw.whole.size() % 8 != 0) return false;
  }
  return !walker.broken();
}

// A place behind `from` where a record seems to begin. Only a walk from the front knows; this is a guess to start the
// next thread at, and it is checked when the thread before it arrives there.
std::optional<std::size_t> guess_boundary(const Session& session, Bytes region, std::size_t from) {
  constexpr std::size_t longest_record = 65536;
  for (std::size_t at = from / 8 * 8; at < std::min(from + longest_record, region.size()); at += 8) {
    if (looks_like_records(session, region.subspan(at))) return at;
  }
  return std::nullopt;
}

// The region in about equal parts.
std::vector<Bytes> split(const Session& session, Bytes region) {
  const std::size_t most = std::max<std::size_t>(std::thread::hardware_concurrency(), 1);
  const std::size_t wanted = std::clamp<std::size_t>(region.size() / kSmallestPart, 1, most);
  std::vector<Bytes> parts;
  std::size_t begin = 0;
  for (std::size_t part = 1; part < wanted; ++part) {
    const auto end = guess_boundary(session, region, region.size() / wanted * part);
    if (!end || *end <= begin) continue;
    parts.push_back(region.subspan(begin, *end - begin));
    begin = *end;
  }
  parts.push_back(region.subspan(begin));
  return parts;
}

struct Part {
  Bytes region;
  RecordIndexer indexer;
  const std::byte* stopped_at = nullptr;
};

const std::byte* end_of(Bytes bytes) { return bytes.data() + bytes.size(); }

// Walks the region into `indexer`, each part of it in a thread, and says where it stopped. A part counts only if the
// walk from the front ended exactly where the part began; else the rest is walked once more, from where it did end.
const std::byte* walk_in_parts(const Session& session, Bytes region, RecordIndexer& indexer) {
  std::vector<Part> later;
  const std::vector<Bytes> parts = split(session, region);
  for (const Bytes part : std::span(parts).subspan(1)) later.push_back({part, RecordIndexer(session), nullptr});
  std::vector<std::future<void>> walks;
  walks.reserve(later.size());
  for (Part& part : later) {
    walks.push_back(std::async(std::launch::async, [&part] { part.stopped_at = part.indexer.walk(part.region); }));
  }
  const std::byte* stopped_at = indexer.walk(parts.front());
  for (std::size_t i = 0; i < later.size(); ++i) {
    walks[i].get();
    if (indexer.is_compressed()) break;
    if (stopped_at != later[i].region.data() || !indexer.append(later[i].indexer)) {
      return indexer.walk(Bytes(stopped_at, end_of(region)));
    }
    stopped_at = later[i].stopped_at;
  }
  return stopped_at;
}

}  // namespace

RecordIndex index_records(const Session& session, std::span<const Bytes> regions) {
  RecordIndex index;
  RecordIndexer indexer(session);
  bool truncated = false;
  for (const Bytes region : regions) {
    truncated = walk_in_parts(session, region, indexer) != end_of(region) || truncated;
    if (indexer.is_compressed()) {
      index.is_compressed = true;
      return index;
    }
  }
  for (const Run& run : indexer.runs()) index.runs.add(run);
  index.counters = indexer.counters();
  index.counters.truncated = truncated;
  return index;
}

}  // namespace sockscope::perf_data
