#pragma once

#include "workloads/microbench/message_works.h"

/// One system call on a socket, and nothing else.
namespace sockscope {

/// getsockname(2): the bare system call on a socket.
AnyWork getsockname_call(Transport transport);

/// A receive that finds nothing (EAGAIN), a send that finds no room (EAGAIN); over UDP a send that succeeds and whose
/// datagram the kernel drops, since the receiver's buffer is full.
AnyWork receive_empty(Transport transport);
AnyWork send_full(Transport transport, std::size_t size);

enum class Readiness { kReady, kEmpty };
/// poll(2) and epoll_wait(2) of one socket that has a message, or none, without waiting.
AnyWork poll_call(Transport transport, Readiness readiness);
AnyWork epoll_call(Transport transport, Readiness readiness);

/// setsockopt(2) of SO_RCVLOWAT, the value that it has.
AnyWork setsockopt_call(Transport transport);

/// socket(2) and close(2); with bind(2) between them; and with listen(2).
AnyWork socket_call(Transport transport);
AnyWork bind_call(Transport transport);
AnyWork listen_call();

/// A connection made, accepted and closed at both ends; one to a port where nobody listens.
AnyWork connection();
AnyWork refused_connection();

}  // namespace sockscope
