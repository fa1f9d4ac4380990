#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "parsers/perf_data/attr.h"
#include "parsers/perf_data/record.h"
#include "parsers/tracepoint/catalog.h"
#include "parsers/tracepoint/field_access.h"
#include "parsers/tracepoint/value_names.h"
#include "report/events/event_style.h"
#include "report/events/text_buffer.h"

namespace sockscope {

/// How to print one field: everything that can be known before the first event.
struct FieldPlan {
  enum class Kind : std::uint8_t { kSigned, kUnsigned, kPointer, kText, kArray, kBytes };

  Kind kind = Kind::kBytes;
  Literal label;  ///< What stands before the value: ` name=`, `,"name":`.
  Literal name;   ///< The same in JSON's list of names: `"name":"`.
  /// One number: the field. An array: its element, at the start of its bytes.
  tracepoint::IntegerField integer{0, 0, false};
  std::uint32_t element_size = 0;
  bool is_signed = false;                       ///< Of one number or of an array's elements.
  std::optional<tracepoint::BytesField> bytes;  ///< Text, array, bytes.
  std::optional<tracepoint::ValueNames> names;  ///< One number that has names.
};

/// How to print the events of one attr.
struct EventPlan {
  std::string name;  ///< "sched:sched_switch"; as perf calls it.
  Literal label;     ///< All that stands between the time, or the comm, and the fields.
  bool is_tracepoint = true;
  bool has_format = false;  ///< Else its fields are not known.
  std::uint16_t id = 0;     ///< common_type of its payloads.
  perf_data::ByteOrder byte_order = perf_data::ByteOrder::kNative;
  std::vector<FieldPlan> fields;
  std::vector<FieldPlan> common_fields;  ///< Without common_type; only for JSON.
  bool has_names = false;
  /// Bytes at most of all labels and numbers: what is left to reserve is for names, texts and arrays.
  std::size_t room = 0;
};

/// The plans of all events of a recording, in one style.
class EventPlans {
 public:
  EventPlans(const std::vector<perf_data::Attr>& attrs, const tracepoint::Catalog* catalog, EventStyle style);

  /// Of a sample, by Record::attr; if it has none, by the type that its payload says.
  [[nodiscard]] const EventPlan& plan_of(const perf_data::Record& record) const noexcept {
    return record.attr < attr_count_ ? plans_[record.attr] : plan_of_type(record.payload);
  }

  /// The attrs' plans first, in their order.
  [[nodiscard]] const std::vector<EventPlan>& plans() const noexcept { return plans_; }
  [[nodiscard]] EventStyle style() const noexcept { return style_; }

 private:
  [[nodiscard]] const EventPlan& plan_of_type(perf_data::Bytes payload) const noexcept;
  void add(EventPlan plan, const tracepoint::Format* format, std::size_t name_width);

  EventStyle style_;
  std::size_t attr_count_ = 0;
  perf_data::ByteOrder byte_order_ = perf_data::ByteOrder::kNative;
  std::vector<EventPlan> plans_;  // by attr; then by format, for samples without attr; last of what nothing explains
};

}  // namespace sockscope
