#pragma once

#include <string>
#include <string_view>

/// Whole outputs, kept as files in tests/report/golden/ and compared byte for byte: what they hold is a decision, not
/// an accident. After a change that is meant to show, from the root:
///
///     UPDATE_GOLDEN=1 ctest --preset dev -R Golden; git diff tests/report/golden
///
/// rewrites the files that differ. The tests that rewrote one still fail, so that no run with the variable set can pass
/// for a check.
namespace sockscope::testing {

/// Expects `actual` to be the content of tests/report/golden/<name>.
void expect_golden(std::string_view name, const std::string& actual);

/// The content of a file of the source tree, empty if it cannot be read.
[[nodiscard]] std::string read_source_file(std::string_view path);

}  // namespace sockscope::testing
