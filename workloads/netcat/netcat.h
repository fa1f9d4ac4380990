#pragma once

#include <sys/socket.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/protocol.h"
#include "workloads/netcat/connection.h"

/// netcat, as OpenBSD's does it: docs/netcat.md says what each option does and where this one differs.
namespace sockscope::netcat {

struct Options {
  Protocol protocol = Protocol::kTcp;
  int family = AF_UNSPEC;
  std::string host;                  ///< Where to connect to; of a listener what to listen on, empty: any address.
  std::vector<std::uint16_t> ports;  ///< Each in turn; one of a listener, 0: one that is free.
  std::optional<std::uint16_t> source_port;
  std::string source_host;
  BufferSizes buffers;
  std::optional<std::chrono::seconds> timeout;     ///< For connects, and when nothing happens.
  std::optional<std::chrono::seconds> quit_delay;  ///< From the end of it all to the end of the program.
  std::chrono::seconds interval{0};                ///< Between lines sent.
  bool listen = false;
  bool keep_listening = false;
  bool scan = false;
  bool verbose = false;
  bool numeric_only = false;
  bool read_input = true;
  bool shut_down_at_input_end = false;
  bool refuse_telnet_options = false;
};

/// Where the text goes that netcat writes on standard error, a line at a time.
using Talk = std::function<void(const std::string& line)>;

/// Relays standard input and output, or scans, until done: netcat's exit status, 0 or 1. An error stands for 1 with its
/// message, which netcat shows whether or not it is verbose.
Result<int> run(const Options& options, const Talk& talk);

}  // namespace sockscope::netcat
