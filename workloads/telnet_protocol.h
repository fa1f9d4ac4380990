#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
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
inline constexpr std::uint8_t kAreYouThere = 246;
inline constexpr std::uint8_t kNoOperation = 241;
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

/// Which options are on at either end, by the method of RFC 1143: only what changes something is answered, so that two
/// ends never answer each other for ever. Its states for switching an option off are left out: we never ask for that
/// but to ask anew.
class Negotiation {
 public:
  using Options = std::initializer_list<std::uint8_t>;

  /// What we agree to do if asked, and what the peer may do. Everything else is refused.
  Negotiation(Options ours, Options peers);

  /// WILL: we would. DO: the peer should. Empty if it is on, or asked already.
  std::string offer(std::uint8_t option);
  std::string ask(std::uint8_t option);
  /// For a request, or an answer to it, that was lost: DONT and DO, which the peer has to answer whatever it knows.
  std::string ask_anew(std::uint8_t option);

  /// What to send back to an option; empty to what needs no answer.
  std::string on(const Token& option);

  [[nodiscard]] bool peer_does(std::uint8_t option) const { return peer_.state.at(option) == State::kOn; }
  /// Asked, and not answered yet.
  [[nodiscard]] bool is_pending(std::uint8_t option) const { return peer_.state.at(option) == State::kAsked; }
  /// How many options are on, ours and the peer's.
  [[nodiscard]] std::uint64_t agreed() const;

 private:
  enum class State : std::uint8_t { kOff, kAsked, kOn };
  struct End {
    std::bitset<256> is_welcome;
    std::array<State, 256> state{};
    std::uint8_t yes;  ///< How we say that it may be on, and that it may not.
    std::uint8_t no;
  };
  static std::string request(End& end, std::uint8_t option);
  static std::string switched_on(End& end, std::uint8_t option);
  static std::string switched_off(End& end, std::uint8_t option);

  End us_{.is_welcome = {}, .yes = kWill, .no = kWont};
  End peer_{.is_welcome = {}, .yes = kDo, .no = kDont};
};

/// The server's side of a session: echoes each character, and answers a line with the line. What comes after a carriage
/// return (line feed or NUL) belongs to it.
class Session {
 public:
  static constexpr char kEndOfBlock = '\x17';         ///< Ends the warm-up (ETB, Ctrl-W).
  static constexpr char kEndOfTransmission = '\x04';  ///< Ends the session (EOT, Ctrl-D).

  /// What the server begins with: it will echo, and go ahead without saying so; it asks for a terminal type.
  std::string greeting();

  /// What to send back for these bytes.
  std::string on(std::span<const std::byte> bytes);

  [[nodiscard]] std::uint64_t keystrokes() const { return keystrokes_; }
  [[nodiscard]] std::uint64_t lines() const { return lines_; }
  /// Whether this one of the two ends has come.
  [[nodiscard]] bool has_come(char end) const { return ends_.contains(end); }

 private:
  void on_data(char character, std::string& answer);

  Parser parser_;
  Negotiation negotiation_{{kEcho, kSuppressGoAhead}, {kTerminalType}};
  std::string line_;
  bool after_return_ = false;
  std::string ends_;
  std::uint64_t keystrokes_ = 0;
  std::uint64_t lines_ = 0;
};

}  // namespace sockscope::telnet
