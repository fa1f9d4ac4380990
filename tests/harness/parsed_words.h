#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

#include "harness/command_line.h"

/// Command lines, word for word, without the program's name.
namespace sockscope {

using Words = std::vector<const char*>;

inline Result<Options> parse(Words words) {
  words.insert(words.begin(), "sockscope");
  return parse_command_line(static_cast<int>(words.size()), words.data());
}

/// The options of a command line that must be understood as that command.
template <class Command>
Command parsed(const Words& words) {
  auto options = parse(words);
  if (options && std::holds_alternative<Command>(*options)) return std::get<Command>(*options);
  ADD_FAILURE() << (options ? "taken for another command" : options.error().message);
  return {};
}

/// The usage error of a command line: one sentence on one line.
inline std::string error_of(const Words& words) {
  const auto options = parse(words);
  if (options) return "no error";
  using ::testing::AllOf;
  using ::testing::EndsWith;
  using ::testing::HasSubstr;
  using ::testing::Not;
  EXPECT_EQ(options.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(options.error().message, AllOf(Not(HasSubstr("\n")), EndsWith("(see sockscope --help)")));
  return options.error().message;
}

}  // namespace sockscope
