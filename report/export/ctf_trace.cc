#include "report/export/ctf_trace.h"

#include <babeltrace2/babeltrace.h>

#include <algorithm>
#include <string>
#include <utility>

#include "report/export/ctf_fields.h"
#include "report/export/ctf_source.h"

namespace sockscope {
namespace {

// babeltrace2 calls these; what they belong to is the data of the component, which its iterator borrows.

bt_component_class_initialize_method_status initialize(bt_self_component_source* source,
                                                       bt_self_component_source_configuration* /*configuration*/,
                                                       const bt_value* /*parameters*/, void* ctf_source) {
  bt_self_component* const component = bt_self_component_source_as_self_component(source);
  bt_self_component_set_data(component, ctf_source);
  const bool is_made =
      static_cast<CtfSource*>(ctf_source)->build(component) &&
      bt_self_component_source_add_output_port(source, "out", nullptr, nullptr) == BT_SELF_COMPONENT_ADD_PORT_STATUS_OK;
  return is_made ? BT_COMPONENT_CLASS_INITIALIZE_METHOD_STATUS_OK
                 : BT_COMPONENT_CLASS_INITIALIZE_METHOD_STATUS_MEMORY_ERROR;
}

bt_message_iterator_class_next_method_status next(bt_self_message_iterator* iterator, bt_message_array_const messages,
                                                  std::uint64_t capacity, std::uint64_t* count) {
  auto* const source =
      static_cast<CtfSource*>(bt_self_component_get_data(bt_self_message_iterator_borrow_component(iterator)));
  if (!source->next(iterator, messages, capacity, *count)) {
    return BT_MESSAGE_ITERATOR_CLASS_NEXT_METHOD_STATUS_MEMORY_ERROR;
  }
  return *count == 0 ? BT_MESSAGE_ITERATOR_CLASS_NEXT_METHOD_STATUS_END
                     : BT_MESSAGE_ITERATOR_CLASS_NEXT_METHOD_STATUS_OK;
}

/// The first cause that babeltrace2 gives, without the addresses that follow.
std::string reason() {
  const bt_error* const error = bt_current_thread_take_error();
  if (error == nullptr) return "babeltrace2 gives no reason";
  std::string text = "babeltrace2 gives no reason";
  if (bt_error_get_cause_count(error) != 0) {
    text = bt_error_cause_get_message(bt_error_borrow_cause_by_index(error, 0));
    text.resize(std::min(text.find(": "), text.size()));
  }
  bt_error_release(error);
  return text;
}

std::unexpected<Error> refused(const std::filesystem::path& directory) {
  return fail(ErrorKind::kEnvironment, "cannot write a CTF trace into {}: {}", directory.string(), reason());
}

Reference<bt_value> parameters_of(const std::filesystem::path& directory) {
  Reference<bt_value> parameters(bt_value_map_create());
  const bool is_made =
      parameters != nullptr &&
      bt_value_map_insert_string_entry(parameters.get(), "path", directory.c_str()) ==
          BT_VALUE_MAP_INSERT_ENTRY_STATUS_OK &&
      bt_value_map_insert_bool_entry(parameters.get(), "assume-single-trace", BT_TRUE) ==
          BT_VALUE_MAP_INSERT_ENTRY_STATUS_OK &&
      bt_value_map_insert_bool_entry(parameters.get(), "quiet", BT_TRUE) == BT_VALUE_MAP_INSERT_ENTRY_STATUS_OK;
  return is_made ? std::move(parameters) : nullptr;
}

const bt_component_source* add_source(bt_graph* graph, CtfSource& source) {
  const Reference<bt_message_iterator_class> iterator(bt_message_iterator_class_create(next));
  if (iterator == nullptr) return nullptr;
  const Reference<bt_component_class_source> component_class(
      bt_component_class_source_create("perf.data", iterator.get()));
  const bt_component_source* component = nullptr;
  const bool is_added = component_class != nullptr &&
                        bt_component_class_source_set_initialize_method(component_class.get(), initialize) ==
                            BT_COMPONENT_CLASS_SET_METHOD_STATUS_OK &&
                        bt_graph_add_source_component_with_initialize_method_data(
                            graph, component_class.get(), "recording", nullptr, &source, BT_LOGGING_LEVEL_NONE,
                            &component) == BT_GRAPH_ADD_COMPONENT_STATUS_OK;
  return is_added ? component : nullptr;
}

const bt_component_sink* add_sink(bt_graph* graph, const std::filesystem::path& directory) {
  const bt_plugin* found = nullptr;
  // Of the system alone: not what a user's directory or environment brings along.
  if (bt_plugin_find("ctf", BT_FALSE, BT_FALSE, BT_TRUE, BT_TRUE, BT_FALSE, &found) != BT_PLUGIN_FIND_STATUS_OK) {
    return nullptr;
  }
  const Reference<const bt_plugin> plugin(found);
  const bt_component_class_sink* const sink_class =
      bt_plugin_borrow_sink_component_class_by_name_const(plugin.get(), "fs");
  const auto parameters = parameters_of(directory);
  if (sink_class == nullptr || parameters == nullptr) return nullptr;
  const bt_component_sink* sink = nullptr;
  const bool is_added = bt_graph_add_sink_component(graph, sink_class, "ctf", parameters.get(), BT_LOGGING_LEVEL_NONE,
                                                    &sink) == BT_GRAPH_ADD_COMPONENT_STATUS_OK;
  return is_added ? sink : nullptr;
}

}  // namespace

Result<CtfCounts> write_ctf_trace(const perf_data::Reader& reader, const tracepoint::Catalog* catalog,
                                  const std::filesystem::path& directory, const std::function<void()>& on_event) {
  CtfSource source(reader, catalog, on_event);  // outlives the graph, which asks it
  const Reference<bt_graph> graph(bt_graph_create(0));
  if (graph == nullptr) return refused(directory);
  const auto* const from = add_source(graph.get(), source);
  const auto* const to = from == nullptr ? nullptr : add_sink(graph.get(), directory);
  if (to == nullptr) return refused(directory);
  const auto connected =
      bt_graph_connect_ports(graph.get(), bt_component_source_borrow_output_port_by_index_const(from, 0),
                             bt_component_sink_borrow_input_port_by_index_const(to, 0), nullptr);
  if (connected != BT_GRAPH_CONNECT_PORTS_STATUS_OK) return refused(directory);
  if (bt_graph_run(graph.get()) != BT_GRAPH_RUN_STATUS_OK) return refused(directory);
  return source.counts();
}

}  // namespace sockscope
