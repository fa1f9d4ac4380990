#pragma once

#include <chrono>

namespace sockscope::netcat {

/// Sends datagrams of one X a second apart, the first two at once, for `patience`. False: one came back as refused.
/// True proves little, since silence is also what a firewall gives.
bool answers_no_refusal(int socket, std::chrono::seconds patience);

}  // namespace sockscope::netcat
