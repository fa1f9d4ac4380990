#include "parsers/ctf/recording.h"
#include "parsers/ctf/trace_folder.h"

namespace sockscope::ctf {

Result<perf_data::Reader> open_recording(const std::filesystem::path& path) {
  if (auto trace = find_trace(path); !trace) return pass_on(trace);
  return fail(ErrorKind::kEnvironment,
              "{}: is a CTF trace, and this sockscope was built without libbabeltrace2: install libbabeltrace2-dev and "
              "configure it with -DWITH_BABELTRACE2=ON",
              path.string());
}

}  // namespace sockscope::ctf
