#pragma once

#include <string>
#include <vector>

namespace sockscope {

/// A Perfetto trace as lines, one a packet, of the fields that tests look at:
///
///     "thread 1 100/100 client", "process 100 client (tcp, round 1)", "track 2 below 1 messages"
///     "1000 begin send request on 2, arrow 1", "1600 end on 2", "1000 state of 100 on CPU 0: 3"
std::vector<std::string> perfetto_lines(const std::string& trace);

}  // namespace sockscope
