#include "report/events/event_source.h"

#include <limits>

#include "parsers/perf_data/abi.h"

namespace sockscope {

EventSource::EventSource(const perf_data::Reader& reader, const EventPlans& plans, const EventFilter& filter)
    : plans_(plans),
      filter_(filter),
      byte_order_(reader.info().byte_order),
      stream_(reader.records()),
      filters_records_(!filter.tids.empty() || !filter.cpus.empty() || filter.from_ns || filter.to_ns),
      left_(filter.limit.value_or(std::numeric_limits<std::uint64_t>::max())) {
  for (const EventPlan& plan : plans.plans()) is_named_.push_back(filter.accepts_name(plan.name));
}

bool EventSource::is_wanted(const perf_data::Record& record, const EventPlan& plan) const {
  return is_named_[static_cast<std::size_t>(&plan - plans_.plans().data())] &&
         (!filters_records_ || filter_.accepts(record));
}

void EventSource::pull(std::vector<PrintableEvent>& batch) {
  batch.clear();
  std::size_t payload_bytes = 0;
  while (left_ > 0 && batch.size() < kMaxEvents && payload_bytes < kMaxPayloadBytes) {
    const perf_data::Record* const record = stream_.next();
    if (record == nullptr) {
      left_ = 0;
      return;
    }
    if (record->type != perf_data::record_type::kSample) [[unlikely]] {
      names_.apply(*record, byte_order_);
      continue;
    }
    const std::string_view comm = names_.name_of(record->pid, record->tid);
    const EventPlan& plan = plans_.plan_of(*record);
    if (!is_wanted(*record, plan)) continue;
    --left_;
    payload_bytes += record->payload.size();
    batch.push_back({.time_ns = record->time_ns,
                     .plan = &plan,
                     .payload = record->payload,
                     .comm = comm,
                     .cpu = record->cpu,
                     .pid = record->pid,
                     .tid = record->tid});
  }
}

}  // namespace sockscope
