#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The telnet protocol (RFC 854, RFC 1143), as far as a line-by-line session needs it.
namespace sockscope::telnet {

inline constexpr std::uint8_t kIac = 255;
inline constexpr std::uint8_t kDont = 254;
inline constexpr std::uint8_t kDo = 253;
inline constexpr std::uint8_t kWont = 252;
inline constexpr std::uint8_t kWill = 251;
inline constexpr std::uint8_t kSubBegin = 250;
inline constexpr std::uint8_t kSubEnd = 240;

inline constexpr std::uint8_t kEcho = 1;             ///< RFC 857
inline constexpr std::uint8_t kSuppressGoAhead = 3;  ///< RFC 858
inline constexpr std::uint8_t kTerminalType = 24;    ///< RFC 1091

/// What a stream of bytes holds, one at a time.
struct Token {
  enum class Kind { kData, kCommand, kOption };
  Kind kind = Kind::kData;
  std::uint8_t byte = 0;    ///< Data; a command other than WILL, WONT, DO, DONT; or the verb of an option.
  std::uint8_t option = 0;  ///< Of kOption.

  bool operator==(const Token&) const = default;
};

/// Cuts a stream into tokens. Subnegotiations are passed over; an escaped 255 is data.
class Parser {
 public:
  /// The token that this byte completes, if it does.
  std::optional<Token> on(std::uint8_t byte);

 private:
  enum class State { kData, kCommand, kOption, kSub, kSubIac };
  State state_ = State::kData;
  std::uint8_t verb_ = 0;
};

/// What the server begins with: it will echo, and go ahead without saying so; it asks for a terminal type.
std::string server_greeting();

/// A client's answer to an option: it lets the server echo and suppress go-ahead, and refuses everything else. Empty to
/// what needs none.
std::string client_answer(const Token& option);

/// The server's side of a session: echoes each character, and answers a line with the line. What comes after a carriage
/// return (line feed or NUL) belongs to it.
class Session {
 public:
  static constexpr char kEndOfPhase = '\x04';  // Ctrl-D

  /// What to send back for these bytes.
  std::string on(std::span<const std::byte> bytes);

  [[nodiscard]] std::uint64_t keystrokes() const { return keystrokes_; }
  [[nodiscard]] std::uint64_t lines() const { return lines_; }
  /// Ctrl-D came since this was last asked.
  bool take_end_of_phase();

 private:
  void on_data(char character, std::string& answer);

  Parser parser_;
  std::string line_;
  bool after_return_ = false;
  bool has_ended_ = false;
  std::uint64_t keystrokes_ = 0;
  std::uint64_t lines_ = 0;
};

}  // namespace sockscope::telnet
