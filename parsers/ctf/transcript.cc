#include "parsers/ctf/transcript.h"

#include <babeltrace2/babeltrace.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "base/printable.h"
#include "parsers/ctf/record_writer.h"
#include "parsers/ctf/reference.h"
#include "parsers/ctf/sandbox.h"
#include "parsers/ctf/transcriber.h"

namespace sockscope::ctf {
namespace {

// A record is larger than the event it comes from, but not without bound.
constexpr std::uint64_t kMostGrowth = 64;
constexpr std::uint64_t kMostDescription = std::uint64_t{64} << 20;

/// What babeltrace2 says first, which is nearest to the cause, without the addresses that follow.
std::string reason() {
  constexpr std::size_t longest = 160;
  std::string text = "babeltrace2 gives no reason";
  const bt_error* const error = bt_current_thread_take_error();
  if (error == nullptr) return text;
  if (bt_error_get_cause_count(error) != 0) {
    text = bt_error_cause_get_message(bt_error_borrow_cause_by_index(error, 0));
    text = text.substr(0, text.find(": "));
    // From its merging of streams, in words of its own.
    if (text.contains("timestamp is less than")) text = "an event is older than the one before it";
    std::ranges::replace(text, '\n', ' ');
    while (text.ends_with('.') || text.ends_with(' ')) text.pop_back();
    if (text.size() > longest) text.resize(longest);
  }
  bt_error_release(error);
  return printable(text);
}

std::unexpected<Error> damaged() { return fail(ErrorKind::kInput, "damaged, or no CTF 1.8 trace: {}", reason()); }

std::unexpected<Error> no_session(const TraceFolder& trace) {
  return fail(ErrorKind::kInput,
              "holds {} traces that are not of one session, or damaged ones: name one of them, as {}: {}",
              trace.parts.size(), trace.parts.front().string(), reason());
}

std::unexpected<Error> no_library() {
  return fail(ErrorKind::kEnvironment, "libbabeltrace2 cannot be used: {}", reason());
}

Reference<const bt_plugin> find_plugin(const char* name) {
  const bt_plugin* found = nullptr;
  // Of the system alone: not what a user's directory or environment brings along.
  return bt_plugin_find(name, BT_FALSE, BT_FALSE, BT_TRUE, BT_TRUE, BT_FALSE, &found) == BT_PLUGIN_FIND_STATUS_OK
             ? Reference<const bt_plugin>(found)
             : nullptr;
}

Reference<bt_value> inputs_of(const TraceFolder& trace) {
  Reference<bt_value> parameters(bt_value_map_create());
  bt_value* inputs = nullptr;
  bool is_made = parameters != nullptr && bt_value_map_insert_empty_array_entry(parameters.get(), "inputs", &inputs) ==
                                              BT_VALUE_MAP_INSERT_ENTRY_STATUS_OK;
  for (const auto& part : trace.parts) {
    is_made = is_made &&
              bt_value_array_append_string_element(inputs, part.c_str()) == BT_VALUE_ARRAY_APPEND_ELEMENT_STATUS_OK;
  }
  return is_made ? std::move(parameters) : nullptr;
}

/// The library's source of files, its merging by time, and behind them a Transcriber.
class Reading {
 public:
  Reading(RecordWriter& writer, std::uint64_t most_events) : transcriber_(writer, most_events) {}

  /// Loads what there is to load: before rights are given up.
  Result<> load() {
    bt_logging_set_global_level(BT_LOGGING_LEVEL_NONE);
    ctf_ = find_plugin("ctf");
    utils_ = find_plugin("utils");
    graph_.reset(bt_graph_create(0));
    if (ctf_ == nullptr || utils_ == nullptr || graph_ == nullptr) return no_library();
    return {};
  }

  Result<> run(const TraceFolder& trace) {
    if (auto connected = connect(trace); !connected) return connected;
    const bt_graph_run_status status = bt_graph_run(graph_.get());
    if (error_) return std::unexpected(*error_);
    if (status != BT_GRAPH_RUN_STATUS_OK) return damaged();
    return transcriber_.finish();
  }

 private:
  Result<> connect(const TraceFolder& trace) {
    const auto* const files = bt_plugin_borrow_source_component_class_by_name_const(ctf_.get(), "fs");
    const auto* const merger = bt_plugin_borrow_filter_component_class_by_name_const(utils_.get(), "muxer");
    const auto inputs = inputs_of(trace);
    if (files == nullptr || merger == nullptr || inputs == nullptr) return no_library();
    const bt_component_source* source = nullptr;
    if (bt_graph_add_source_component(graph_.get(), files, "trace", inputs.get(), BT_LOGGING_LEVEL_NONE, &source) !=
        BT_GRAPH_ADD_COMPONENT_STATUS_OK) {
      return trace.parts.size() > 1 ? no_session(trace) : damaged();
    }
    const bt_component_filter* merge = nullptr;
    const bt_component_sink* sink = nullptr;
    if (bt_graph_add_filter_component(graph_.get(), merger, "merge", nullptr, BT_LOGGING_LEVEL_NONE, &merge) !=
            BT_GRAPH_ADD_COMPONENT_STATUS_OK ||
        bt_graph_add_simple_sink_component(graph_.get(), "records", nullptr, consume, nullptr, this, &sink) !=
            BT_GRAPH_ADD_COMPONENT_STATUS_OK) {
      return no_library();
    }
    const std::uint64_t streams = bt_component_source_get_output_port_count(source);
    if (streams == 0) return fail(ErrorKind::kInput, "holds no event");
    for (std::uint64_t index = 0; index < streams; ++index) {
      // The merger has one free input at any time.
      if (bt_graph_connect_ports(graph_.get(), bt_component_source_borrow_output_port_by_index_const(source, index),
                                 bt_component_filter_borrow_input_port_by_index_const(merge, index),
                                 nullptr) != BT_GRAPH_CONNECT_PORTS_STATUS_OK) {
        return damaged();
      }
    }
    if (bt_graph_connect_ports(graph_.get(), bt_component_filter_borrow_output_port_by_index_const(merge, 0),
                               bt_component_sink_borrow_input_port_by_index_const(sink, 0),
                               nullptr) != BT_GRAPH_CONNECT_PORTS_STATUS_OK) {
      return damaged();
    }
    return {};
  }

  /// Called by the library until the end. A failure of ours is kept, since it has no words for it.
  static bt_graph_simple_sink_component_consume_func_status consume(bt_message_iterator* iterator, void* reading) {
    return static_cast<Reading*>(reading)->consume(iterator);
  }

  bt_graph_simple_sink_component_consume_func_status consume(bt_message_iterator* iterator) {
    bt_message_array_const messages = nullptr;
    std::uint64_t count = 0;
    const auto status = bt_message_iterator_next(iterator, &messages, &count);
    if (status != BT_MESSAGE_ITERATOR_NEXT_STATUS_OK) {
      return static_cast<bt_graph_simple_sink_component_consume_func_status>(status);
    }
    for (std::uint64_t index = 0; index < count; ++index) {
      const Reference<const bt_message> message(messages[index]);
      if (error_) continue;
      if (auto taken = transcriber_.take(message.get()); !taken) error_ = std::move(taken).error();
    }
    return error_ ? BT_GRAPH_SIMPLE_SINK_COMPONENT_CONSUME_FUNC_STATUS_ERROR
                  : BT_GRAPH_SIMPLE_SINK_COMPONENT_CONSUME_FUNC_STATUS_OK;
  }

  Transcriber transcriber_;
  std::optional<Error> error_;
  Reference<const bt_plugin> ctf_;
  Reference<const bt_plugin> utils_;
  Reference<bt_graph> graph_;
};

}  // namespace

Result<> write_transcript(const TraceFolder& trace, int out, int messages) {
  RecordWriter writer(out);
  Reading reading(writer, trace.bytes);
  if (auto loaded = reading.load(); !loaded) return loaded;
  const std::array writable{out, messages, 2};
  if (auto confined = give_up_rights(writable, trace.bytes * kMostGrowth + kMostDescription); !confined)
    return confined;
  return reading.run(trace);
}

}  // namespace sockscope::ctf
