#include "workloads/telnet_protocol.h"

#include <utility>

namespace sockscope::telnet {
namespace {

std::string command(std::uint8_t verb, std::uint8_t option) {
  return {static_cast<char>(kIac), static_cast<char>(verb), static_cast<char>(option)};
}

bool is_option_verb(std::uint8_t byte) { return byte >= kWill && byte <= kDont; }

}  // namespace

std::optional<Token> Parser::on(std::uint8_t byte) {
  switch (state_) {
    case State::kData:
      if (byte != kIac) return Token{.kind = Token::Kind::kData, .byte = byte};
      state_ = State::kCommand;
      return std::nullopt;
    case State::kCommand:
      state_ = is_option_verb(byte) ? State::kOption : byte == kSubBegin ? State::kSub : State::kData;
      verb_ = byte;
      if (byte == kIac) return Token{.kind = Token::Kind::kData, .byte = byte};
      if (state_ == State::kData) return Token{.kind = Token::Kind::kCommand, .byte = byte};
      return std::nullopt;
    case State::kOption:
      state_ = State::kData;
      return Token{.kind = Token::Kind::kOption, .byte = verb_, .option = byte};
    case State::kSub:
      if (byte == kIac) state_ = State::kSubIac;
      return std::nullopt;
    case State::kSubIac:
      state_ = byte == kSubEnd ? State::kData : State::kSub;
      return std::nullopt;
  }
  return std::nullopt;
}

std::string server_greeting() {
  return command(kWill, kEcho) + command(kWill, kSuppressGoAhead) + command(kDo, kTerminalType);
}

std::string client_answer(const Token& option) {
  const bool is_wanted = option.option == kEcho || option.option == kSuppressGoAhead;
  switch (option.byte) {
    case kWill:
      return command(is_wanted ? kDo : kDont, option.option);
    case kDo:
      return command(kWont, option.option);
    default:
      return {};
  }
}

std::string Session::on(std::span<const std::byte> bytes) {
  std::string answer;
  for (const std::byte byte : bytes) {
    const auto token = parser_.on(static_cast<std::uint8_t>(byte));
    if (token && token->kind == Token::Kind::kData) on_data(static_cast<char>(token->byte), answer);
  }
  return answer;
}

void Session::on_data(char character, std::string& answer) {
  // NUL is no operation (RFC 854), behind a return or anywhere.
  if ((std::exchange(after_return_, false) && character == '\n') || character == '\0') return;
  if (character == kEndOfPhase) {
    has_ended_ = true;
    answer += character;
    return;
  }
  if (character != '\r' && character != '\n') {
    ++keystrokes_;
    line_ += character;
    answer += character;
    return;
  }
  after_return_ = character == '\r';
  ++lines_;
  answer += "\r\n" + std::exchange(line_, {}) + "\r\n";
}

bool Session::take_end_of_phase() { return std::exchange(has_ended_, false); }

}  // namespace sockscope::telnet
