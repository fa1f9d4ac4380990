#include "workloads/telnet_protocol.h"

#include <algorithm>
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

Negotiation::Negotiation(Options ours, Options peers) {
  for (const std::uint8_t option : ours) us_.is_welcome.set(option);
  for (const std::uint8_t option : peers) peer_.is_welcome.set(option);
}

std::string Negotiation::request(End& end, std::uint8_t option) {
  if (end.state.at(option) != State::kOff) return {};
  end.state.at(option) = State::kAsked;
  return command(end.yes, option);
}

std::string Negotiation::offer(std::uint8_t option) { return request(us_, option); }
std::string Negotiation::ask(std::uint8_t option) { return request(peer_, option); }

std::string Negotiation::ask_anew(std::uint8_t option) {
  peer_.state.at(option) = State::kAsked;
  return command(kDont, option) + command(kDo, option);
}

std::string Negotiation::switched_on(End& end, std::uint8_t option) {
  State& state = end.state.at(option);
  const State before = state;
  if (before == State::kOff && !end.is_welcome.test(option)) return command(end.no, option);
  state = State::kOn;
  return before == State::kOff ? command(end.yes, option) : std::string();
}

std::string Negotiation::switched_off(End& end, std::uint8_t option) {
  const State before = std::exchange(end.state.at(option), State::kOff);
  return before == State::kOn ? command(end.no, option) : std::string();
}

std::string Negotiation::on(const Token& option) {
  switch (option.byte) {
    case kWill:
      return switched_on(peer_, option.option);
    case kDo:
      return switched_on(us_, option.option);
    case kWont:
      return switched_off(peer_, option.option);
    case kDont:
      return switched_off(us_, option.option);
    default:
      return {};
  }
}

std::uint64_t Negotiation::agreed() const {
  const auto on = std::ranges::count(us_.state, State::kOn) + std::ranges::count(peer_.state, State::kOn);
  return static_cast<std::uint64_t>(on);
}

std::string Session::greeting() {
  return negotiation_.offer(kEcho) + negotiation_.offer(kSuppressGoAhead) + negotiation_.ask(kTerminalType);
}

std::string Session::on(std::span<const std::byte> bytes) {
  std::string answer;
  for (const std::byte byte : bytes) {
    const auto token = parser_.on(static_cast<std::uint8_t>(byte));
    if (!token) continue;
    if (token->kind == Token::Kind::kData) on_data(static_cast<char>(token->byte), answer);
    if (token->kind == Token::Kind::kOption) answer += negotiation_.on(*token);
    if (token->kind == Token::Kind::kCommand && token->byte == kAreYouThere) answer += "\r\n[Yes]\r\n";
  }
  return answer;
}

void Session::on_data(char character, std::string& answer) {
  // NUL is no operation (RFC 854), behind a return or anywhere.
  if ((std::exchange(after_return_, false) && character == '\n') || character == '\0') return;
  if (character == kEndOfBlock || character == kEndOfTransmission) {
    if (!has_come(character)) ends_ += character;
    line_.clear();  // What is left of a line whose return was lost.
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

}  // namespace sockscope::telnet
