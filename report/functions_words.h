#pragma once

#include <string>
#include <vector>

#include "report/functions_report.h"

/// A comparison of functions in words: the same in the table, on the page and in JSON.
namespace sockscope {

/// "31 kernel functions only in TCP, 17 only in UDP, 60 in both, of which 41 differ"
[[nodiscard]] std::string answer_words(const FunctionsReport& report);

/// What is wrong with the figures, a sentence each; empty: nothing.
[[nodiscard]] std::vector<std::string> doubt_words(const FunctionsReport& report);

/// What is left out of the lists, and who else traced, a sentence each.
[[nodiscard]] std::vector<std::string> note_words(const FunctionsReport& report);

/// What a hit of a function is, and what all of them are: "recorded events in whose call chain the function is",
/// "events with their call chains".
[[nodiscard]] std::string hit_words(const FunctionsReport& report);
[[nodiscard]] std::string sample_words(const FunctionsReport& report);

/// The rule by which functions and differences count.
[[nodiscard]] std::string rule_words(const FunctionsReport& report);

/// Hits a message, for people: "14.99", "0.213", "0".
[[nodiscard]] std::string format_rate(double rate);

}  // namespace sockscope
