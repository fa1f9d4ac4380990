#include "workloads/barrier.h"

#include <nlohmann/json.hpp>

namespace sockscope {
namespace {

using Json = nlohmann::ordered_json;

Result<> tell(int answers, const Json& state) { return write_all(answers, state.dump() + "\n", "sockscope"); }

}  // namespace

Result<> Barrier::tell_up(const EndIdentity& identity, const std::vector<pid_t>& others) const {
  return tell(answers_, {{"state", "up"},
                         {"role", name_of(identity.role)},
                         {"tid", identity.tid},
                         {"fd", identity.fd},
                         {"others", others}});
}

Result<> Barrier::tell_warm() const { return tell(answers_, {{"state", "warm"}}); }

Result<> Barrier::tell_measured() const { return tell(answers_, {{"state", "measured"}}); }

Result<> Barrier::tell_done(const EndResult& result) const {
  Json answer = to_json(result);
  answer["state"] = "done";
  return tell(answers_, answer);
}

Result<> Barrier::tell_failed(const Error& error) const {
  return tell(answers_, {{"state", "failed"}, {"message", error.message}});
}

Result<> Barrier::wait_for(std::string_view command) {
  auto line = commands_.next({.timeout = std::chrono::hours{24}});
  if (!line) return pass_on(line);
  if (*line == command) return {};
  return fail(ErrorKind::kEnvironment, "expected the command {}, got {}", command, *line);
}

Result<> Barrier::wait_until_heard(Phase phase, const TellOver& tell_over) {
  constexpr std::chrono::milliseconds interval{50};
  const auto deadline = std::chrono::steady_clock::now() + patience_;
  while (tell_over && !wait_readable(commands_.fd(), {.timeout = interval}, commands_.peer())) {
    if (std::chrono::steady_clock::now() > deadline) {
      return fail(ErrorKind::kEnvironment, "the server heard nothing of it for {} ms: is its interface up?",
                  patience_.count());
    }
    if (auto told = tell_over(phase); !told) {
      return fail(told.error().kind, "nothing reaches the server: {}", told.error().message);
    }
  }
  return wait_for("heard");
}

void Barrier::wait_for_close() {
  while (commands_.next({.timeout = std::chrono::hours{24}})) {
  }
}

}  // namespace sockscope
