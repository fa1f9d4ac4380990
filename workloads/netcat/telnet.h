#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sockscope::netcat {

/// Answers telnet's option negotiation (RFC 854) by refusing everything: WONT to DO and DONT, DONT to WILL and WONT, as
/// netcat does. A request may arrive in pieces.
class TelnetRefusal {
 public:
  /// The answers that became due with these bytes of the peer, in order; often none.
  std::vector<std::byte> answers_to(std::span<const std::byte> received);

 private:
  enum class Expecting { kData, kCommand, kOption };

  Expecting expecting_ = Expecting::kData;
  std::byte answer_{};  ///< kOption: what to say about it.
};

}  // namespace sockscope::netcat
