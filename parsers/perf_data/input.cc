#include "parsers/perf_data/input.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "base/unique_fd.h"
#include "parsers/perf_data/spool.h"

namespace sockscope::perf_data {
namespace {

Result<MappedFile> spool(const UniqueFd& stream, std::string_view name) {
  auto spooled = Spool::make();
  if (!spooled) return pass_on(spooled);
  std::vector<std::byte> block(64UL * 1024);
  while (true) {
    const ssize_t count = ::read(stream.get(), block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail(ErrorKind::kInput, "{}: {}", name, errno_text(errno));
    if (count == 0) return std::move(*spooled).map();
    auto appended = spooled->append(Bytes(block).first(static_cast<std::size_t>(count)));
    if (!appended) return pass_on(appended);
  }
}

Result<MappedFile> map_stream(const UniqueFd& stream, const struct stat& status, std::string_view name) {
  auto file = S_ISREG(status.st_mode) ? MappedFile::map(stream) : spool(stream, name);
  if (!file && file.error().kind == ErrorKind::kInput) {
    return fail(ErrorKind::kInput, "{}: {}", name, file.error().message);
  }
  if (file && file->bytes().empty()) return fail(ErrorKind::kInput, "{}: is empty", name);
  return file;
}

Result<MappedFile> map_path(const std::filesystem::path& path) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status{};
  if (!file || fstat(file.get(), &status) != 0) {
    return fail(ErrorKind::kInput, "{}: {}", path.string(), errno_text(errno));
  }
  if (!S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode)) {
    return fail(ErrorKind::kInput, "{}: is a device, not a perf.data file", path.string());
  }
  return map_stream(file, status, path.string());
}

// `data`, then data.0, data.1, ... as far as they go. A thread of perf that recorded nothing leaves an empty file.
Result<Input> open_directory(const std::filesystem::path& directory) {
  Input input{.name = directory.string(), .files = {}};
  std::error_code ignored;
  const auto header = directory / "data";
  if (!std::filesystem::is_regular_file(header, ignored)) {
    return fail(ErrorKind::kInput,
                "{}: is a directory without a recording in it: neither run.json nor data nor a CTF trace's metadata",
                directory.string());
  }
  auto first = map_path(header);
  if (!first) return pass_on(first);
  input.files.push_back(std::move(*first));
  for (unsigned number = 0;; ++number) {
    const auto path = directory / fmt::format("data.{}", number);
    const auto size = std::filesystem::file_size(path, ignored);
    if (ignored) return input;
    if (size == 0) continue;
    auto file = map_path(path);
    if (!file) return pass_on(file);
    input.files.push_back(std::move(*file));
  }
}

Result<Input> open_standard_input() {
  Input input{.name = "standard input", .files = {}};
  const UniqueFd stream(::dup(STDIN_FILENO));
  struct stat status{};
  if (!stream || fstat(stream.get(), &status) != 0) {
    return fail(ErrorKind::kInput, "{}: {}", input.name, errno_text(errno));
  }
  if (::isatty(stream.get()) != 0) {
    return fail(ErrorKind::kUsage, "standard input is a terminal: pipe a recording into it (perf record -o - ... |)");
  }
  auto file = map_stream(stream, status, input.name);
  if (!file) return pass_on(file);
  input.files.push_back(std::move(*file));
  return input;
}

}  // namespace

Result<Input> open_input(const std::filesystem::path& path) {
  if (path == "-") return open_standard_input();
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return open_directory(path);
  auto file = map_path(path);
  if (!file) return pass_on(file);
  Input input{.name = path.string(), .files = {}};
  input.files.push_back(std::move(*file));
  return input;
}

}  // namespace sockscope::perf_data
