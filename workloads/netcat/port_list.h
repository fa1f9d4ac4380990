#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/protocol.h"

namespace sockscope::netcat {

/// The ports that a word of the command line stands for: a number, a range in either direction (20-30, counted upwards
/// in any case), or a service's name. kUsage, in netcat's words, unless each is 1 to 65535.
Result<std::vector<std::uint16_t>> ports_of(const std::string& word, Protocol protocol);

/// One port to bind: a number, 0 for one that is free, or a service's name.
Result<std::uint16_t> local_port_of(const std::string& word, Protocol protocol);

/// The service's name, or * where the port has none.
std::string service_of(std::uint16_t port, Protocol protocol);

}  // namespace sockscope::netcat
