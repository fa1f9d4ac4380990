#include "parsers/perf_data/reader.h"

#include <utility>

#include "parsers/perf_data/description.h"
#include "parsers/perf_data/file_form.h"
#include "parsers/perf_data/file_header.h"
#include "parsers/perf_data/mapped_file.h"
#include "parsers/perf_data/pipe_form.h"
#include "parsers/perf_data/record_index.h"
#include "parsers/perf_data/session.h"

namespace sockscope::perf_data {

struct Reader::Contents {
  std::filesystem::path path;
  MappedFile file;
  Description description;  // its attrs have gone into the session
  Session session;
  RecordIndex index;
};

namespace {

// Both forms end in the same thing; from here on nothing asks which it was.
Result<FileForm> read_either_form(Bytes file) {
  auto header = parse_file_header(file);
  if (!header) return pass_on(header);
  if (header->form == Form::kFile) return read_file_form(file, *header);
  const Bytes records = file.subspan(kPipeHeaderSize);
  return FileForm{.description = read_pipe_form(records), .records = records, .truncated = false};
}

template <class T>
std::unexpected<Error> name_file(const std::filesystem::path& path, Result<T>& result) {
  return fail(result.error().kind, "{}: {}", path.string(), result.error().message);
}

}  // namespace

Result<Reader> Reader::open(const std::filesystem::path& path) {
  auto file = MappedFile::open(path);
  if (!file) return pass_on(file);
  auto form = read_either_form(file->bytes());
  if (!form) return name_file(path, form);
  Session session(std::move(form->description.attrs), form->description.info.byte_order);
  auto index = index_records(session, form->records);
  if (!index) return name_file(path, index);
  index->counters.bad_sections = form->description.bad_sections;
  index->counters.truncated = index->counters.truncated || form->truncated;
  return Reader(std::make_unique<const Contents>(path, std::move(*file), std::move(form->description),
                                                 std::move(session), std::move(*index)));
}

Reader::Reader(std::unique_ptr<const Contents> contents) noexcept : contents_(std::move(contents)) {}
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;
Reader::~Reader() = default;

const std::filesystem::path& Reader::path() const noexcept { return contents_->path; }
const FileInfo& Reader::info() const noexcept { return contents_->description.info; }
const std::vector<Attr>& Reader::attrs() const noexcept { return contents_->session.attrs(); }
const Counters& Reader::counters() const noexcept { return contents_->index.counters; }

const TracingData* Reader::tracing_data() const noexcept {
  const auto& data = contents_->description.tracing_data;
  return data ? &*data : nullptr;
}

Result<const TracingData*> Reader::require_tracing_data() const {
  if (const TracingData* data = tracing_data()) return data;
  const std::string& reason = contents_->description.no_tracing_data;
  return fail(ErrorKind::kInput, "{}: {}", path().string(),
              reason.empty() ? "holds no tracepoint formats: it was recorded without tracepoint events" : reason);
}

RecordStream Reader::records() const { return {contents_->session, contents_->index.runs}; }

}  // namespace sockscope::perf_data
