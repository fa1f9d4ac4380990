#include "harness/formats.h"

#include <sys/utsname.h>

#include <algorithm>

#include "harness/running_kernel.h"
#include "parsers/perf_data/abi.h"

namespace sockscope {
namespace {

// Why the running kernel cannot be the one that was recorded, as far as the recording says something; empty if it can.
std::string contradiction_of_info(const perf_data::FileInfo& info, const utsname& machine) {
  if (info.byte_order != perf_data::ByteOrder::kNative) return "it is of a machine of the other byte order";
  if (!info.osrelease.empty() && info.osrelease != machine.release) {
    return fmt::format("it is of kernel {} and this is {}", info.osrelease, machine.release);
  }
  if (!info.arch.empty() && info.arch != machine.machine) {
    return fmt::format("it is of a {} and this is a {}", info.arch, machine.machine);
  }
  return {};
}

std::string contradiction_of_attrs(const std::vector<perf_data::Attr>& attrs, const tracepoint::Catalog& catalog) {
  for (const perf_data::Attr& attr : attrs) {
    if (!attr.is_tracepoint()) continue;
    const auto id = static_cast<std::uint16_t>(attr.config);
    const auto* const format = id == attr.config ? catalog.find(id) : nullptr;
    if (format == nullptr) return fmt::format("this kernel has no event {}", attr.config);
    if (!attr.name.empty() && attr.name != format->full_name()) {
      return fmt::format("event {} is {} there and {} here", attr.config, attr.name, format->full_name());
    }
  }
  return {};
}

// Bytes in front of what has no fixed length.
std::size_t fixed_size(const tracepoint::Format& format) {
  std::size_t size = 0;
  for (const tracepoint::Field& field : format.fields) size = std::max<std::size_t>(size, field.offset + field.size);
  return size;
}

bool has_fixed_size(const tracepoint::Format& format) {
  return std::ranges::all_of(format.fields,
                             [](const auto& field) { return field.locator == tracepoint::Locator::kFixed; });
}

// perf pads a payload so that it and its size, a u32, come to a multiple of 8 (perf_trace_buf_alloc's callers). A
// struct may end in up to 7 bytes that no field names.
bool fits(const tracepoint::Format& format, std::size_t payload_size) {
  constexpr std::size_t most_padding = 14;
  const std::size_t size = fixed_size(format);
  return payload_size >= size && (!has_fixed_size(format) || payload_size <= size + most_padding);
}

std::string contradiction_of_samples(const perf_data::Reader& reader, const tracepoint::Catalog& catalog) {
  for (auto stream = reader.records(); const auto* record = stream.next();) {
    if (record->type != perf_data::record_type::kSample || record->attr == perf_data::kNoAttr) continue;
    const perf_data::Attr& attr = reader.attrs()[record->attr];
    if (!attr.is_tracepoint()) continue;
    const auto* const format = catalog.find(static_cast<std::uint16_t>(attr.config));
    if (tracepoint::common_type(record->payload) != format->id || !fits(*format, record->payload.size())) {
      return fmt::format("its {} events do not have this kernel's fields", format->full_name());
    }
  }
  return {};
}

std::vector<std::uint64_t> event_ids(const std::vector<perf_data::Attr>& attrs) {
  std::vector<std::uint64_t> ids;
  for (const perf_data::Attr& attr : attrs) {
    if (attr.is_tracepoint()) ids.push_back(attr.config);
  }
  return ids;
}

Result<Formats> formats_of_running_kernel(const perf_data::Reader& reader, const std::filesystem::path& tracefs,
                                          const Error& why) {
  const auto refuse = [&](std::string_view contradiction) {
    return fail(ErrorKind::kInput, "{}. The running kernel's formats are no help: {}", why.message, contradiction);
  };
  utsname machine{};
  uname(&machine);
  if (const auto text = contradiction_of_info(reader.info(), machine); !text.empty()) return refuse(text);
  auto catalog = running_kernel_catalog(tracefs, event_ids(reader.attrs()));
  if (!catalog) return refuse(catalog.error().message);
  if (const auto text = contradiction_of_attrs(reader.attrs(), *catalog); !text.empty()) return refuse(text);
  if (const auto text = contradiction_of_samples(reader, *catalog); !text.empty()) return refuse(text);
  return Formats{.catalog = std::move(*catalog), .arch = machine.machine, .are_running_kernels = true};
}

}  // namespace

Result<Formats> formats_of(const perf_data::Reader& reader, const std::filesystem::path& tracefs) {
  auto tracing_data = reader.require_tracing_data();
  if (!tracing_data) {
    if (std::ranges::none_of(reader.attrs(), &perf_data::Attr::is_tracepoint)) return pass_on(tracing_data);
    return formats_of_running_kernel(reader, tracefs, tracing_data.error());
  }
  auto catalog = tracepoint::Catalog::from(**tracing_data);
  if (!catalog) return fail(ErrorKind::kInput, "{}: {}", reader.name(), catalog.error().message);
  return Formats{.catalog = std::move(*catalog), .arch = reader.info().arch};
}

Result<std::optional<Formats>> formats_if_needed(const perf_data::Reader& reader) {
  if (std::ranges::none_of(reader.attrs(), &perf_data::Attr::is_tracepoint)) return std::nullopt;
  auto formats = formats_of(reader);
  if (!formats) return pass_on(formats);
  return std::move(*formats);
}

}  // namespace sockscope
