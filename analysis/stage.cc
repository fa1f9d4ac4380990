#include "analysis/stage.h"

namespace sockscope {

std::string_view name_of(Direction direction) {
  switch (direction) {
    case Direction::kRequest:
      return "request";
    case Direction::kServer:
      return "server";
    case Direction::kResponse:
      return "response";
    case Direction::kClient:
      return "client";
  }
  return "unknown";
}

std::string_view name_of(Stage stage) {
  switch (stage) {
    case Stage::kSend:
      return "send";
    case Stage::kDevice:
      return "device";
    case Stage::kBacklog:
      return "backlog";
    case Stage::kReceive:
      return "receive";
    case Stage::kWakeUp:
      return "wake-up";
    case Stage::kDeliver:
      return "deliver";
    case Stage::kTurnAround:
      return "turn-around";
  }
  return "unknown";
}

}  // namespace sockscope
