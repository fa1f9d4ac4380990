#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <future>
#include <optional>
#include <string>
#include <vector>

#include "base/child_process.h"
#include "base/protocol.h"
#include "tests/integration/sockscope_program.h"

/// netcats of every make, run by a shell the way a user runs them.
namespace sockscope::testing {

inline const std::string kOurs = SOCKSCOPE_PROGRAM " nc";
inline const std::string kOpenBsd = "nc.openbsd";
inline const std::string kNcat = "ncat";

/// Skips, and so counts as skipped, without the program. harness/setup.sh test installs them all.
#define SKIP_WITHOUT(program) \
  if (!testing::is_installed(program)) GTEST_SKIP() << (program) << " is not installed: harness/setup.sh test does"

bool is_installed(const std::string& program);

/// A shell's command that runs beside the test, without input unless it says where from; <>$open is input that neither
/// comes nor ends. Whatever is left of it is killed by the destructor.
class Command {
 public:
  explicit Command(const std::string& line);
  Command(const Command&) = delete;
  Command(Command&&) = delete;
  Command& operator=(const Command&) = delete;
  Command& operator=(Command&&) = delete;
  ~Command();

  /// The shell's, or the program's if the line begins with exec.
  [[nodiscard]] pid_t pid() const { return shell_.pid(); }
  void send_signal(int signal) const { shell_.send_signal(signal); }
  [[nodiscard]] bool is_running() const;
  /// Its exit status and what it printed, once it has ended; -1 if it does not.
  Finished finish();

 private:
  Scratch scratch_;
  ChildProcess shell_;
  pid_t group_ = 0;
};

Finished run_line(const std::string& line);

/// A port on which nobody listens, another one each time.
std::uint16_t free_port();
/// Waits until somebody listens on the port (TCP) or is bound to it (UDP), without disturbing him. False: nobody comes.
bool wait_for_listener(std::uint16_t port, Protocol protocol = Protocol::kTcp);

/// What somebody who uses netcat sees of it. The names of program and port are taken out of the messages, so that two
/// programs can be compared.
struct Seen {
  int status = 0;
  std::string out;
  std::string err;
  bool operator==(const Seen&) const = default;
};
Seen seen(const Finished& finished, std::uint16_t port);
void PrintTo(const Seen& seen, std::ostream* out);  // NOLINT(readability-identifier-naming): GoogleTest looks for it

/// Plays the same scene with netcat-openbsd and with ours: whatever a user sees must be the same. Gives what was seen.
template <std::invocable<const std::string&> Scene>
Seen same_as_openbsd(const Scene& scene) {
  auto ours = std::async(std::launch::async, [&] { return scene(kOurs); });
  const Seen real = scene(kOpenBsd);
  EXPECT_EQ(ours.get(), real);
  return real;
}

/// Plays a scene with each of these, all at once, as most of a scene is waiting.
template <class Cast, std::invocable<const Cast&> Scene>
void with_each(const std::vector<Cast>& casts, const Scene& scene) {
  std::vector<std::future<void>> plays;
  plays.reserve(casts.size());
  for (const Cast& cast : casts) plays.push_back(std::async(std::launch::async, [&] { scene(cast); }));
  for (auto& play : plays) play.get();
}

/// The same with netcat-openbsd and with ours, for what a scene finds out itself.
template <std::invocable<const std::string&> Scene>
void with_each(const Scene& scene) {
  with_each(std::vector{kOpenBsd, kOurs}, scene);
}

/// Who serves and who connects: the two makes both ways.
struct Makes {
  std::string server;
  std::string client;
};
inline const std::vector kBothMakes{Makes{kOurs, kOpenBsd}, Makes{kOpenBsd, kOurs}};

/// Text of which no stretch looks like another, in a file.
std::string pattern(std::size_t bytes);
void write_file(const std::filesystem::path& path, const std::string& text);
std::string read_file(const std::filesystem::path& path);

}  // namespace sockscope::testing
