#include "parsers/perf_data/reader.h"

#include <algorithm>
#include <utility>

#include "parsers/perf_data/description.h"
#include "parsers/perf_data/file_form.h"
#include "parsers/perf_data/file_header.h"
#include "parsers/perf_data/input.h"
#include "parsers/perf_data/mapped_file.h"
#include "parsers/perf_data/pipe_form.h"
#include "parsers/perf_data/record_index.h"
#include "parsers/perf_data/session.h"
#include "parsers/perf_data/unpacked.h"

namespace sockscope::perf_data {

struct Reader::Contents {
  std::string name;
  std::vector<MappedFile> files;  // what the spans of all others point into, unless the caller keeps it
  Description description;        // its attrs have gone into the session
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
  FileForm form{.description = read_pipe_form(records, header->byte_order), .records = records};
  if (form.description.attrs.empty()) {
    return fail(ErrorKind::kInput, "perf.data that describes no event: damaged, or its recorder never got to record");
  }
  return form;
}

std::unexpected<Error> name_it(const std::string& name, const Error& error) {
  return fail(error.kind, "{}: {}", name, error.message);
}

}  // namespace

Result<Reader> Reader::open(const std::filesystem::path& path) {
  auto input = open_input(path);
  if (!input) return pass_on(input);
  std::vector<Bytes> files;
  for (const MappedFile& file : input->files) files.push_back(file.bytes());
  return read({.name = std::move(input->name), .files = std::move(input->files)}, files);
}

Result<Reader> Reader::read(Bytes contents, std::string name) {
  return read({.name = std::move(name)}, std::span(&contents, 1));
}

Result<Reader> Reader::read(MappedFile contents, std::string name) {
  const Bytes bytes = contents.bytes();
  Contents all{.name = std::move(name)};
  all.files.push_back(std::move(contents));
  return read(std::move(all), std::span(&bytes, 1));
}

Result<Reader> Reader::read(Contents contents, std::span<const Bytes> files) {
  auto form = read_either_form(files.front());
  if (!form) return name_it(contents.name, form.error());
  contents.description = std::move(form->description);
  Session session(std::move(contents.description.attrs), contents.description.info.byte_order);
  std::vector<Bytes> regions{form->records};
  regions.insert(regions.end(), files.begin() + 1, files.end());

  RecordIndex index = index_records(session, regions);
  bool truncated = form->truncated;
  if (index.is_compressed) {
    auto unpacked = unpack(regions, session.byte_order());
    if (!unpacked) return name_it(contents.name, unpacked.error());
    truncated = truncated || unpacked->truncated;
    index = index_records(session, unpacked->regions());
    contents.files.push_back(std::move(unpacked->file));
  }
  index.counters.bad_sections = contents.description.bad_sections;
  index.counters.truncated = index.counters.truncated || truncated;
  contents.session = std::move(session);
  contents.index = std::move(index);
  return Reader(std::make_unique<const Contents>(std::move(contents)));
}

Reader::Reader(std::unique_ptr<const Contents> contents) noexcept : contents_(std::move(contents)) {}
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;
Reader::~Reader() = default;

const std::string& Reader::name() const noexcept { return contents_->name; }
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
  if (!reason.empty()) return fail(ErrorKind::kInput, "{}: {}", name(), reason);
  const bool has_tracepoints = std::ranges::any_of(attrs(), &Attr::is_tracepoint);
  return fail(ErrorKind::kInput, "{}: holds no tracepoint formats: {}", name(),
              has_tracepoints ? "its recorder left them out" : "it was recorded without tracepoint events");
}

RecordStream Reader::records() const { return {contents_->session, contents_->index.runs}; }

}  // namespace sockscope::perf_data
