#include "workloads/netcat/telnet.h"

namespace sockscope::netcat {
namespace {

constexpr std::byte kWill{251};
constexpr std::byte kWont{252};
constexpr std::byte kDo{253};
constexpr std::byte kDont{254};
constexpr std::byte kInterpretAsCommand{255};

}  // namespace

std::vector<std::byte> TelnetRefusal::answers_to(std::span<const std::byte> received) {
  std::vector<std::byte> answers;
  for (const std::byte byte : received) {
    switch (expecting_) {
      case Expecting::kData:
        if (byte == kInterpretAsCommand) expecting_ = Expecting::kCommand;
        break;
      case Expecting::kCommand:
        // Another command has no option behind it, and twice 255 is the data byte 255.
        expecting_ = byte >= kWill && byte <= kDont ? Expecting::kOption : Expecting::kData;
        answer_ = byte == kDo || byte == kDont ? kWont : kDont;
        break;
      case Expecting::kOption:
        answers.insert(answers.end(), {kInterpretAsCommand, answer_, byte});
        expecting_ = Expecting::kData;
        break;
    }
  }
  return answers;
}

}  // namespace sockscope::netcat
