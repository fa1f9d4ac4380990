#include "harness/function_graph_text.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>
#include <vector>

#include "base/unique_fd.h"
#include "harness/interrupt_left_to_writer.h"
#include "parsers/function_graph/text_reader.h"

namespace sockscope {
namespace {

constexpr std::size_t kPiece = std::size_t{256} * 1024;

Result<> read_all(int fd, function_graph::TextReader& reader) {
  std::vector<char> piece(kPiece);
  while (true) {
    const ssize_t got = read(fd, piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(ErrorKind::kInput, "cannot be read: {}", errno_text(errno));
    if (got == 0) return reader.finish();
    if (auto done = reader.read({piece.data(), static_cast<std::size_t>(got)}); !done) return done;
  }
}

CallTrace trace_of(const function_graph::TraceFacts& facts, CallTree tree) {
  return {.form = "function_graph text",
          .tree = std::move(tree),
          .cpus = {facts.cpus.begin(), facts.cpus.end()},
          .unreadable = facts.unreadable,
          .first_unreadable = facts.first_unreadable,
          .lost_events = facts.lost_events,
          .losses_uncounted = facts.losses_uncounted,
          .switches = facts.switches,
          .interrupts = facts.interrupts,
          .other_events = facts.comments};
}

}  // namespace

Result<CallTrace> read_function_graph_text(const std::filesystem::path& path) {
  const bool is_standard_input = path == "-";
  const std::string name = is_standard_input ? "standard input" : path.string();
  const InterruptLeftToWriter left(path);
  const UniqueFd file(is_standard_input ? dup(STDIN_FILENO) : open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return fail(ErrorKind::kInput, "{}: {}", name, errno_text(errno));
  CallTreeBuilder builder;
  function_graph::TextReader reader([&builder](const function_graph::FunctionEvent& event) { builder.on(event); });
  if (auto done = read_all(file.get(), reader); !done) {
    return fail(done.error().kind, "{}: {}", name, done.error().message);
  }
  return trace_of(reader.facts(), builder.finish());
}

}  // namespace sockscope
