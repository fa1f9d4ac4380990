#include "harness/event_feed.h"

#include <array>
#include <cstddef>
#include <future>
#include <optional>
#include <span>

#include "base/handover.h"

namespace sockscope {
namespace {

// Waking the other thread takes as long as some hundred events: a batch is many more, and all of them fit into a cache.
constexpr std::size_t kEventsOfBatch = 8192;
constexpr std::size_t kBatches = 4;
// A stream that merges more lanes than this takes, some thousand, would cost as much to copy as a batch to decode.
constexpr std::size_t kMostBytesOfStream = std::size_t{256} * 1024;

struct Batch {
  std::array<Event, kEventsOfBatch> events;
  std::size_t count = 0;
  std::optional<perf_data::RecordStream> before;
};

using EventHandover = Handover<Batch>;

// Ends its side of the hand-over however its scope is left: the other side must never wait for one that is gone.
class EndOfScope {
 public:
  explicit EndOfScope(EventHandover& handover) : handover_(handover) {}
  EndOfScope(const EndOfScope&) = delete;
  EndOfScope(EndOfScope&&) = delete;
  EndOfScope& operator=(const EndOfScope&) = delete;
  EndOfScope& operator=(EndOfScope&&) = delete;
  ~EndOfScope() { handover_.end(); }

 private:
  EventHandover& handover_;
};

// Fills the batch up. False when the recording is at its end.
bool fill(Batch& batch, perf_data::RecordStream& stream, const EventDecoder& decoder, std::uint64_t& undecoded) {
  batch.count = 0;
  while (batch.count < kEventsOfBatch) {
    const auto* const record = stream.next();
    if (record == nullptr) return false;
    const auto outcome = decoder.decode(*record, batch.events[batch.count]);
    if (outcome == EventDecoder::Outcome::kDecoded) ++batch.count;
    if (outcome == EventDecoder::Outcome::kUndecodable) ++undecoded;
  }
  return true;
}

std::uint64_t decode_all(const perf_data::Reader& reader, const EventDecoder& decoder, EventHandover& handover,
                         bool with_streams) {
  const EndOfScope end(handover);
  auto stream = reader.records();
  const bool are_copied = with_streams && stream.bytes() <= kMostBytesOfStream;
  std::uint64_t undecoded = 0;
  bool goes_on = true;
  while (goes_on) {
    Batch* const batch = handover.take_empty();
    if (batch == nullptr) break;
    if (are_copied) batch->before = stream;
    goes_on = fill(*batch, stream, decoder, undecoded);
    handover.pass(batch);
  }
  return undecoded;
}

}  // namespace

std::uint64_t feed(const perf_data::Reader& reader, const EventDecoder& decoder, const EventBatchSink& sink,
                   bool with_streams) {
  EventHandover handover(kBatches);
  auto undecoded = std::async(std::launch::async, [&] { return decode_all(reader, decoder, handover, with_streams); });
  const EndOfScope end(handover);
  while (Batch* const batch = handover.take_full()) {
    const auto* const before = batch->before ? &*batch->before : nullptr;
    if (!sink(std::span(batch->events).first(batch->count), before)) break;
    handover.give_back(batch);
  }
  handover.end();
  return undecoded.get();
}

}  // namespace sockscope
