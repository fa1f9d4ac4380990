#include "report/export/message_rows.h"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <utility>
#include <variant>

#include "analysis/stage.h"
#include "report/events/escaping.h"

namespace sockscope {
namespace {

/// One message, with all that its columns are made of.
struct Row {
  const MessageSource& source;
  std::uint64_t exchange_number;
  const Exchange& exchange;
  Direction direction;
  const MessagePath& path;
  StageTimes stages;
};

using Cell = std::variant<std::monostate, std::int64_t, std::string_view>;

struct Column {
  std::string_view name;
  Cell (*cell_of)(const Row&);
};

// A thread or a round that nobody knows is 0.
Cell known(std::int64_t number) { return number == 0 ? Cell() : Cell(number); }

Cell time_between(std::uint64_t from_ns, std::uint64_t to_ns) { return static_cast<std::int64_t>(to_ns - from_ns); }

template <Stage Which>
Cell stage_of(const Row& row) {
  const auto time = row.stages[static_cast<std::size_t>(Which)];
  return time ? Cell(*time) : Cell();
}

// Of a round trip, what is not one message's: in the response's row alone, so that every column can be added up.
bool completes_round_trip(const Row& row) {
  return row.direction == Direction::kResponse && row.exchange.is_round_trip();
}

Cell turn_around_of(const Row& row) {
  return completes_round_trip(row) ? time_between(row.exchange.request->exit_ns, row.exchange.response->enter_ns)
                                   : Cell();
}

Cell round_trip_of(const Row& row) {
  return completes_round_trip(row) ? time_between(row.exchange.begin_ns(), row.exchange.end_ns()) : Cell();
}

constexpr std::array kColumns = std::to_array<Column>({
    {"variant", [](const Row& row) { return row.source.variant.empty() ? Cell() : Cell(row.source.variant); }},
    {"round", [](const Row& row) { return known(row.source.round); }},
    {"exchange", [](const Row& row) { return Cell(static_cast<std::int64_t>(row.exchange_number)); }},
    {"direction", [](const Row& row) { return Cell(name_of(row.direction)); }},
    {"protocol", [](const Row& row) { return Cell(name_of(row.exchange.protocol)); }},
    {"client_tid", [](const Row& row) { return known(row.exchange.client_tid); }},
    {"server_tid", [](const Row& row) { return known(row.exchange.server_tid); }},
    {"send_enter_ns", [](const Row& row) { return Cell(static_cast<std::int64_t>(row.path.enter_ns)); }},
    {"send_ns", stage_of<Stage::kSend>},
    {"device_ns", stage_of<Stage::kDevice>},
    {"backlog_ns", stage_of<Stage::kBacklog>},
    {"receive_ns", stage_of<Stage::kReceive>},
    {"wake_up_ns", stage_of<Stage::kWakeUp>},
    {"deliver_ns", stage_of<Stage::kDeliver>},
    {"one_way_ns", [](const Row& row) { return time_between(row.path.enter_ns, row.path.exit_ns); }},
    {"turn_around_ns", turn_around_of},
    {"rtt_ns", round_trip_of},
});

constexpr std::size_t kRoomAfter = 8;  // what follows a value: quotation mark, brace, line feed

void put_text(std::string_view text, MessageRows::Style style, TextBuffer& out) {
  if (style == MessageRows::Style::kJsonLines) {
    out.put('"');
    put_json_text(text, out, kRoomAfter);
    return out.put('"');
  }
  const std::size_t start = out.size();
  put_bare_text(text, out, kRoomAfter);
  quote_csv(out, start);
}

void put_cell(const Cell& cell, MessageRows::Style style, TextBuffer& out) {
  if (const auto* number = std::get_if<std::int64_t>(&cell)) return out.put_signed(*number);
  if (const auto* text = std::get_if<std::string_view>(&cell)) return put_text(*text, style, out);
  if (style == MessageRows::Style::kJsonLines) out.put("null");
}

void put_row(const Row& row, MessageRows::Style style, const std::vector<Literal>& labels, TextBuffer& out) {
  for (std::size_t column = 0; column < kColumns.size(); ++column) {
    out.reserve(labels[column].text().size() + TextBuffer::kNumber + kRoomAfter);
    out.put(labels[column]);
    put_cell(kColumns[column].cell_of(row), style, out);
  }
  out.reserve(kRoomAfter);
  out.put(style == MessageRows::Style::kJsonLines ? std::string_view("}\n") : std::string_view("\n"));
}

std::string label_of(std::size_t column, MessageRows::Style style) {
  const bool is_first = column == 0;
  if (style == MessageRows::Style::kCsv) return is_first ? "" : ",";
  return fmt::format(R"({}"{}":)", is_first ? '{' : ',', kColumns[column].name);
}

}  // namespace

MessageRows::MessageRows(Style style) : style_(style) {
  for (std::size_t column = 0; column < kColumns.size(); ++column) labels_.emplace_back(label_of(column, style));
}

void MessageRows::header(TextBuffer& out) const {
  if (style_ != Style::kCsv) return;
  for (std::size_t column = 0; column < kColumns.size(); ++column) {
    out.reserve(kColumns[column].name.size() + kRoomAfter);
    out.put(labels_[column]);
    out.put(kColumns[column].name);
  }
  out.put('\n');
}

void MessageRows::begin(MessageSource source) {
  source_ = std::move(source);
  exchange_ = 0;
}

void MessageRows::write(const Exchange& exchange, TextBuffer& out) {
  ++exchange_;
  const auto write_message = [&](Direction direction, const std::optional<MessagePath>& path) {
    if (!path) return;
    put_row({.source = source_,
             .exchange_number = exchange_,
             .exchange = exchange,
             .direction = direction,
             .path = *path,
             .stages = stages_of(*path)},
            style_, labels_, out);
    ++count_;
  };
  write_message(Direction::kRequest, exchange.request);
  write_message(Direction::kResponse, exchange.response);
}

}  // namespace sockscope
