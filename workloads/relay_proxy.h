#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/error.h"
#include "workloads/relay_message.h"
#include "workloads/workload_spec.h"

namespace sockscope {

/// The simple proxy: whatever comes on one socket goes out on the other, in either direction, as soon as it comes. It
/// stamps each message that passes.
class RelayProxy {
 public:
  /// `front` is connected to the client, `back` to the server; both stay the caller's.
  RelayProxy(int front, int back, const WorkloadSpec& spec);

  /// Until the client's end and the server's have been passed on. Over UDP either may get lost: the client's comes
  /// until the server has heard it, and whoever has started the proxy ends it.
  Result<> run();

 private:
  struct Direction {
    int in;
    int out;
    RelayStation into;
    RelayStation out_of;
    bool is_over = false;
    std::size_t position = 0;  ///< In the message that is passing.
  };

  Result<> forward(Direction& direction);
  Result<> pass_on_the_end(Direction& direction) const;
  /// How much there is to send on of what `got` bytes began: at least the header. 0 if it ends before that.
  [[nodiscard]] std::size_t with_the_header(const Direction& direction, std::size_t got);

  bool is_tcp_;
  std::vector<std::byte> buffer_;
  Direction request_;
  Direction response_;
};

}  // namespace sockscope
