#include "parsers/perf_data/description.h"

#include <algorithm>
#include <utility>

#include "parsers/perf_data/id_table.h"

namespace sockscope::perf_data {

void set_tracing_data(Description& description, Bytes section) {
  auto parsed = parse_tracing_data(section);
  if (parsed) {
    description.tracing_data = std::move(*parsed);
    return;
  }
  ++description.bad_sections;
  description.no_tracing_data = std::move(parsed).error().message;
}

void complete(Description& description) {
  const IdTable attr_of_id(description.attrs);
  for (std::size_t place = 0; place < description.event_names.size(); ++place) {
    EventName& event = description.event_names[place];
    const std::size_t attr = event.id ? attr_of_id.find(*event.id) : place;
    if (attr >= description.attrs.size()) continue;
    if (description.attrs[attr].name.empty()) description.attrs[attr].name = std::move(event.name);
  }
  description.event_names.clear();
  const auto with_clock = std::ranges::find_if(description.attrs, &Attr::uses_clockid);
  if (!description.info.clockid && with_clock != description.attrs.end()) {
    description.info.clockid = with_clock->clockid;
  }
}

}  // namespace sockscope::perf_data
