#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/exchange.h"
#include "report/events/text_buffer.h"

namespace sockscope {

/// Which run messages are of; empty and 0 where no run describes the recording.
struct MessageSource {
  std::string variant;  ///< Its key: "tcp", "a".
  unsigned round = 0;
};

/// Messages as a table, a row each: a request, or a response. results/README.md says what each column is. One table of
/// columns makes both styles, so that they have the same names and values.
class MessageRows {
 public:
  enum class Style {
    kCsv,        ///< RFC 4180 with a header; what is absent is empty.
    kJsonLines,  ///< An object a line, all with the same keys; what is absent is null.
  };

  explicit MessageRows(Style style);

  /// The line before all rows; JSON Lines have none.
  void header(TextBuffer& out) const;

  /// What follows is of that recording. Exchanges are counted from 1 in each.
  void begin(MessageSource source);

  /// The rows of an exchange: the request's, then the response's, as far as it has them.
  void write(const Exchange& exchange, TextBuffer& out);

  /// Rows so far, of all recordings.
  [[nodiscard]] std::uint64_t count() const { return count_; }

 private:
  Style style_;
  std::vector<Literal> labels_;  // what stands before each column's value
  MessageSource source_;
  std::uint64_t exchange_ = 0;
  std::uint64_t count_ = 0;
};

}  // namespace sockscope
