#!/usr/bin/env python3
"""Makes the kernel pass through as many tracepoints of the socket path as loopback can, a few times each: round trips
over TCP and UDP, IPv4 and IPv6, sent data that nobody takes, refused and reset connections, timers, a new process."""

import contextlib
import os
import signal
import socket
import struct
import threading
import time

ROUND_TRIPS = 20
MESSAGE = b"m" * 64
BULK = b"b" * 300_000
HOSTS = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))


def answer(end, bulk_bytes=0):
    for _ in range(ROUND_TRIPS):
        end.send(end.recv(len(MESSAGE)))
    while bulk_bytes > 0:
        bulk_bytes -= len(end.recv(65536))


def ask(end):
    for _ in range(ROUND_TRIPS):
        end.send(MESSAGE)
        end.recv(len(MESSAGE))


def tcp_round_trips(family, host):
    with socket.create_server((host, 0), family=family) as server:
        with socket.create_connection(server.getsockname()[:2]) as client, server.accept()[0] as peer:
            answering = threading.Thread(target=answer, args=(peer, len(BULK)))
            answering.start()
            ask(client)
            client.sendall(BULK)
            answering.join()


def tcp_reset(family, host):
    with socket.create_server((host, 0), family=family) as server:
        client = socket.create_connection(server.getsockname()[:2])
        peer, _ = server.accept()
        client.send(MESSAGE)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.close()
        peer.close()
        closed = server.getsockname()[:2]
    with contextlib.suppress(OSError):
        socket.create_connection(closed)


def udp_round_trips(family, host):
    with socket.socket(family, socket.SOCK_DGRAM) as server, socket.socket(family, socket.SOCK_DGRAM) as client:
        for end in (server, client):
            end.bind((host, 0))
        client.connect(server.getsockname()[:2])
        server.connect(client.getsockname()[:2])
        answering = threading.Thread(target=answer, args=(server,))
        answering.start()
        ask(client)
        answering.join()


def udp_overflow(family, host):
    """More than the receiver's buffer holds, and a datagram for nobody."""
    with socket.socket(family, socket.SOCK_DGRAM) as full, socket.socket(family, socket.SOCK_DGRAM) as sender:
        full.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        full.bind((host, 0))
        for _ in range(20):
            sender.sendto(b"d" * 1000, full.getsockname()[:2])
        nobody = full.getsockname()[:2]
        full.close()
        sender.sendto(MESSAGE, nobody)


def timers_and_processes():
    signal.signal(signal.SIGALRM, lambda *_: None)
    signal.setitimer(signal.ITIMER_REAL, 0.001)
    time.sleep(0.005)
    pid = os.fork()
    if pid == 0:
        os.execv("/bin/true", ["true"])
    os.waitpid(pid, 0)


def main():
    for family, host in HOSTS:
        with contextlib.suppress(OSError):  # no IPv6 on this machine
            for make in (tcp_round_trips, tcp_reset, udp_round_trips, udp_overflow):
                make(family, host)
    timers_and_processes()


if __name__ == "__main__":
    main()
