#pragma once

namespace sockscope {

/// What pictures are drawn with: ASCII, or what Unicode has for lines and blocks, as UTF-8.
enum class Glyphs { kAscii, kUnicode };

/// Narrower screens are taken as that wide.
inline constexpr int kMinScreenWidth = 40;

/// What pictures are drawn for.
struct Screen {
  int width = 80;  ///< Columns.
  Glyphs glyphs = Glyphs::kAscii;
};

}  // namespace sockscope
