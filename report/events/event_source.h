#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "parsers/perf_data/reader.h"
#include "parsers/perf_data/task_names.h"
#include "report/events/event_filter.h"
#include "report/events/event_plan.h"
#include "report/events/event_writer.h"

namespace sockscope {

/// The samples of a recording that pass a filter, in time order, a batch at a time.
class EventSource {
 public:
  /// All three must outlive the source, and the events it hands out.
  EventSource(const perf_data::Reader& reader, const EventPlans& plans, const EventFilter& filter);

  /// Replaces `batch` by the next events: some thousand, fewer if they are long, none at the end.
  void pull(std::vector<PrintableEvent>& batch);

 private:
  static constexpr std::size_t kMaxEvents = 2048;
  static constexpr std::size_t kMaxPayloadBytes = std::size_t{512} * 1024;

  [[nodiscard]] bool is_wanted(const perf_data::Record& record, const EventPlan& plan) const;

  const EventPlans& plans_;
  const EventFilter& filter_;
  perf_data::ByteOrder byte_order_;
  perf_data::RecordStream stream_;
  perf_data::TaskNames names_;
  std::vector<bool> is_named_;  // by place among the plans: the filter accepts its name
  bool filters_records_ = false;
  std::uint64_t left_;  // until the limit
};

}  // namespace sockscope
