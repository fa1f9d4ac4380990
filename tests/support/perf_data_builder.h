#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/perf_records.h"

namespace sockscope::test_support {

/// How a file-form recording may be laid out, and damaged.
struct FileShape {
  bool ids_after_attrs = false;  ///< perf inject writes them behind the data; perf record in front of the attrs.
  bool killed = false;           ///< data.size 0, feature bits set, nothing behind the data.
  std::uint64_t add_to_data_size = 0;
  std::uint64_t header_size = 104;
};

/// Puts a perf.data together from attrs, records and features, in either form. A test reads as the list of what the
/// recording holds:
///
///     PerfDataBuilder data;
///     data.attr({.config = 372, .ids = {11, 12}, .name = "sched:sched_switch"});
///     data.sample({.id = 11, .time_ns = 100, .cpu = 0, .raw = payload});
///     const TempFile file(data.file_form());
class PerfDataBuilder {
 public:
  PerfDataBuilder& attr(AttrSpec attr);

  /// Any record at all.
  PerfDataBuilder& record(std::string_view bytes);
  /// A sample in the layout of the attr that has its id (of the first attr if none has).
  PerfDataBuilder& sample(const SampleSpec& sample);
  PerfDataBuilder& lost(std::uint64_t count, const SampleSpec& who);
  PerfDataBuilder& lost_samples(std::uint64_t count, const SampleSpec& who, std::uint16_t misc = 0);
  PerfDataBuilder& comm(std::string_view name, const SampleSpec& who, std::uint16_t misc = 0);
  PerfDataBuilder& context_switch(const SampleSpec& who, std::uint16_t misc);
  PerfDataBuilder& finished_round();

  /// A feature section, or HEADER_FEATURE record.
  PerfDataBuilder& feature(std::uint64_t bit, std::string payload);
  PerfDataBuilder& tracing_data(std::string section);

  [[nodiscard]] std::string file_form(const FileShape& shape = {}) const;
  [[nodiscard]] std::string pipe_form() const;

  /// The data section alone.
  [[nodiscard]] const std::string& records() const { return records_; }

 private:
  [[nodiscard]] const AttrSpec& attr_of(std::uint64_t id) const;
  [[nodiscard]] std::string event_desc() const;
  [[nodiscard]] std::map<std::uint64_t, std::string> all_features() const;

  std::vector<AttrSpec> attrs_;
  std::string records_;
  std::map<std::uint64_t, std::string> features_;  // in the order of the bits, as in the file
};

}  // namespace sockscope::test_support
