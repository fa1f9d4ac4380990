#pragma once

#include <cstddef>
#include <memory>

#include "base/error.h"
#include "workloads/microbench/channel.h"
#include "workloads/microbench/work.h"

/// Messages between two ends in one thread: no wake-up, and nobody to switch to.
namespace sockscope {

using AnyWork = Result<std::unique_ptr<Work>>;

/// A send and the receive of it.
AnyWork same_thread_message(Transport transport, std::size_t size, const SocketOptions& options = {});

/// The same by sendto(2) on a UDP socket that is not connected.
AnyWork unconnected_message(std::size_t size);

/// The send alone, the receive alone: what is sent is taken out, what is received put in, while nobody times.
AnyWork send_alone(Transport transport, std::size_t size);
AnyWork receive_alone(Transport transport, std::size_t size);

/// `count` datagrams in one sendmmsg(2), in one recvmmsg(2).
AnyWork sendmmsg_alone(Transport transport, std::size_t size, std::size_t count);
AnyWork recvmmsg_alone(Transport transport, std::size_t size, std::size_t count);

/// `count` datagrams in one send that the kernel cuts (UDP_SEGMENT, udp(7)), received one by one or, with `with_gro`,
/// joined again (UDP_GRO).
AnyWork segmented_message(std::size_t size, std::size_t count, bool with_gro);

/// A send whose pages the kernel takes instead of copying them (MSG_ZEROCOPY), with its completion, and the receive.
AnyWork zerocopy_message(std::size_t size);

/// A file's first bytes to a TCP socket, and their receive: sendfile(2), or splice(2) through a pipe.
AnyWork sendfile_message(std::size_t size);
AnyWork splice_message(std::size_t size);

/// Send and receive by io_uring(7), each submitted and waited for in one system call. kEnvironment where this kernel or
/// this build has none.
AnyWork io_uring_message(Transport transport, std::size_t size);

}  // namespace sockscope
