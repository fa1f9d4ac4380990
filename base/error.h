#pragma once

#include <fmt/format.h>

#include <expected>
#include <string>
#include <utility>

namespace sockscope {

/// What went wrong, by consequence: each kind is one exit code (docs/architecture.md), so that a caller of the
/// command line can tell its own mistake from a machine that cannot do it and from a file that cannot be read.
enum class ErrorKind {
  kUsage,        ///< The command line asks for something that makes no sense.
  kEnvironment,  ///< This machine cannot do it: a tool, a permission, a resource is missing. The message says the fix.
  kInput,        ///< A file or a stream is unreadable, truncated or not what it should be.
  kInterrupted,  ///< The user asked to stop (SIGINT, SIGTERM).
};

/// A cause in one sentence that names the thing and, where there is one, the fix.
struct Error {
  ErrorKind kind = ErrorKind::kEnvironment;
  std::string message;
};

template <class T = void>
using Result = std::expected<T, Error>;

/// Makes the error half of a Result: `return fail(ErrorKind::kInput, "{}: not a perf.data file", path);`
template <class... Args>
[[nodiscard]] std::unexpected<Error> fail(ErrorKind kind, fmt::format_string<Args...> format, Args&&... args) {
  return std::unexpected(Error{kind, fmt::format(format, std::forward<Args>(args)...)});
}

/// Hands an error of one Result on as the error of another.
template <class T>
[[nodiscard]] std::unexpected<Error> pass_on(Result<T>& result) {
  return std::unexpected(std::move(result).error());
}

/// The text of an errno value, thread-safe.
[[nodiscard]] std::string errno_text(int error_number);

}  // namespace sockscope
