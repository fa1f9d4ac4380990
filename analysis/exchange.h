#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "analysis/message_path.h"
#include "base/protocol.h"

namespace sockscope {

/// A round trip that was followed: a request and the response to it. Or one of them alone: a message that stands for
/// itself, since no answer came to it, or it answers nothing. Their paths are complete and their stages add up.
struct Exchange {
  Protocol protocol = Protocol::kTcp;
  std::int32_t client_tid = 0;
  std::int32_t server_tid = 0;
  std::optional<MessagePath> request;
  std::optional<MessagePath> response;

  [[nodiscard]] bool is_round_trip() const { return request && response; }
  [[nodiscard]] std::uint64_t begin_ns() const { return request ? request->enter_ns : response->enter_ns; }
  [[nodiscard]] std::uint64_t end_ns() const { return response ? response->exit_ns : request->exit_ns; }
};

using ExchangeSink = std::function<void(const Exchange&)>;

}  // namespace sockscope
