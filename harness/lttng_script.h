#pragma once

#include <string>

namespace sockscope {

/// A shell script (POSIX sh) that records with LTTng what `report` needs, while a command runs: for kernels with
/// lttng-modules. It says on stderr which of the events that kernel's LTTng does not have, and where the trace lies.
[[nodiscard]] std::string lttng_script();

}  // namespace sockscope
