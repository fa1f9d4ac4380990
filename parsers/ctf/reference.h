#pragma once

#include <babeltrace2/babeltrace.h>

#include <memory>

namespace sockscope {

/// Gives up a reference to one of babeltrace2's objects.
struct PutReference {
  void operator()(const bt_field_class* object) const { bt_field_class_put_ref(object); }
  void operator()(const bt_trace_class* object) const { bt_trace_class_put_ref(object); }
  void operator()(const bt_stream_class* object) const { bt_stream_class_put_ref(object); }
  void operator()(const bt_clock_class* object) const { bt_clock_class_put_ref(object); }
  void operator()(const bt_event_class* object) const { bt_event_class_put_ref(object); }
  void operator()(const bt_trace* object) const { bt_trace_put_ref(object); }
  void operator()(const bt_stream* object) const { bt_stream_put_ref(object); }
  void operator()(const bt_packet* object) const { bt_packet_put_ref(object); }
  void operator()(const bt_value* object) const { bt_value_put_ref(object); }
  void operator()(const bt_graph* object) const { bt_graph_put_ref(object); }
  void operator()(const bt_plugin* object) const { bt_plugin_put_ref(object); }
  void operator()(const bt_component_class_source* object) const { bt_component_class_source_put_ref(object); }
  void operator()(const bt_message_iterator_class* object) const { bt_message_iterator_class_put_ref(object); }
  void operator()(const bt_message* object) const { bt_message_put_ref(object); }
};
template <class T>
using Reference = std::unique_ptr<T, PutReference>;

}  // namespace sockscope
