#pragma once

#include <filesystem>

namespace sockscope {

/// What a file is, by its first bytes and whatever it is called.
enum class InputKind {
  kPerfData,  ///< Or nothing that is known, whose reader says best what is wrong with it.
  kTraceDat,  ///< Of trace-cmd.
  kText,
};

/// Looks without taking anything away: a path, or standard input as "-" (a file or a pipe).
[[nodiscard]] InputKind input_kind_of(const std::filesystem::path& path);

}  // namespace sockscope
