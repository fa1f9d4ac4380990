#pragma once

#include <array>
#include <string_view>

namespace sockscope {

/// The parts of a round trip's time: the request's stages, the server's turn-around, the response's stages; and, from
/// one round trip to the next, the client's turn-around.
enum class Direction { kRequest, kServer, kResponse, kClient };

/// The time between two named tracepoints of one message (docs/architecture.md has the table), in path order.
/// kTurnAround is what lies between two messages: an end's receive exit to its send entry, of Direction::kServer or
/// kClient alone.
enum class Stage { kSend, kDevice, kBacklog, kReceive, kWakeUp, kDeliver, kTurnAround };

inline constexpr std::array kMessageStages{Stage::kSend,    Stage::kDevice, Stage::kBacklog,
                                           Stage::kReceive, Stage::kWakeUp, Stage::kDeliver};

/// "request", "server", "response", "client".
std::string_view name_of(Direction direction);
/// "send", "device", "backlog", "receive", "wake-up", "deliver", "turn-around".
std::string_view name_of(Stage stage);

}  // namespace sockscope
