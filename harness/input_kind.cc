#include "harness/input_kind.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <string_view>

#include "base/child_process.h"
#include "base/unique_fd.h"

namespace sockscope {
namespace {

constexpr std::size_t kHead = 4096;

std::string read_some(int fd, std::size_t size) {
  std::string bytes(size, '\0');
  const ssize_t got = read(fd, bytes.data(), bytes.size());
  bytes.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return bytes;
}

/// What is in a pipe stays in it: tee(2) copies.
std::string head_of_pipe(int fd) {
  auto copy = Pipe::open();
  if (!copy) return {};
  ssize_t got = 0;
  do {
    got = tee(fd, copy->write_end.get(), kHead, 0);
  } while (got < 0 && errno == EINTR);
  return got <= 0 ? std::string() : read_some(copy->read_end.get(), static_cast<std::size_t>(got));
}

std::string head_of_standard_input() {
  struct stat status{};
  if (fstat(STDIN_FILENO, &status) != 0) return {};
  if (S_ISFIFO(status.st_mode)) return head_of_pipe(STDIN_FILENO);
  if (!S_ISREG(status.st_mode)) return {};
  std::string bytes(kHead, '\0');
  const ssize_t got = pread(STDIN_FILENO, bytes.data(), bytes.size(), lseek(STDIN_FILENO, 0, SEEK_CUR));
  bytes.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return bytes;
}

std::string head_of(const std::filesystem::path& path) {
  if (path == "-") return head_of_standard_input();
  std::error_code ignored;
  // Opening a FIFO and closing it again would end its writer.
  if (!std::filesystem::is_regular_file(path, ignored)) return {};
  const UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  return file ? read_some(file.get(), kHead) : std::string();
}

/// Text of whatever encoding has no control characters but these.
bool is_text(std::string_view bytes) {
  return !bytes.empty() && std::ranges::none_of(bytes, [](char character) {
    const auto byte = static_cast<unsigned char>(character);
    return byte < 0x20 && character != '\n' && character != '\r' && character != '\t';
  });
}

}  // namespace

InputKind input_kind_of(const std::filesystem::path& path) {
  constexpr std::string_view trace_dat("\x17\x08\x44tracing");
  const std::string head = head_of(path);
  if (head.starts_with(trace_dat)) return InputKind::kTraceDat;
  if (head.starts_with("PERFILE") || head.starts_with("2ELIFREP")) return InputKind::kPerfData;
  return is_text(head) ? InputKind::kText : InputKind::kPerfData;
}

}  // namespace sockscope
