#include "report/export/ctf_trace.h"

namespace sockscope {

Result<CtfCounts> write_ctf_trace(const perf_data::Reader& /*reader*/, const tracepoint::Catalog* /*catalog*/,
                                  const std::filesystem::path& directory, const std::function<void()>& /*on_event*/) {
  return fail(ErrorKind::kEnvironment,
              "cannot write a CTF trace into {}: this sockscope was built without libbabeltrace2: install "
              "libbabeltrace2-dev and configure it with -DWITH_BABELTRACE2=ON",
              directory.string());
}

}  // namespace sockscope
