"""Both ends of a connection in one process, for sockscope to find: a thread that serves on a duplicate of the socket that
it accepted, over IPv4 or IPv6, 20 round trips; then as many over UDP. A child process serves the second connection."""
import os
import socket
import sys
import threading

ROUND_TRIPS = 20
FAMILY, HOST = (socket.AF_INET6, "::1") if sys.argv[1] == "6" else (socket.AF_INET, "127.0.0.1")


def serve(peer):
    duplicate = os.dup(peer.fileno())
    while data := peer.recv(100):
        os.write(duplicate, data.upper())
    os.close(duplicate)
    peer.close()


def ask(client, answer_of):
    for number in range(ROUND_TRIPS):
        client.send(b"hello %d" % number)
        assert client.recv(100) == answer_of(b"hello %d" % number)
    client.close()


def in_a_thread(listener):
    thread = threading.Thread(target=lambda: serve(listener.accept()[0]))
    thread.start()
    ask(socket.create_connection(listener.getsockname()[:2]), bytes.upper)
    thread.join()


def in_a_child(listener):
    client = socket.create_connection(listener.getsockname()[:2])
    peer = listener.accept()[0]
    child = os.fork()
    if child == 0:
        client.close()
        serve(peer)
        os._exit(0)
    peer.close()
    ask(client, bytes.upper)
    os.waitpid(child, 0)


def over_udp():
    server = socket.socket(FAMILY, socket.SOCK_DGRAM)
    server.bind((HOST, 0))

    def serve_datagrams():
        for _ in range(ROUND_TRIPS):
            data, client = server.recvfrom(100)
            server.sendto(data, client)

    thread = threading.Thread(target=serve_datagrams)
    thread.start()
    client = socket.socket(FAMILY, socket.SOCK_DGRAM)
    client.connect(server.getsockname())
    ask(client, bytes)
    thread.join()


with socket.create_server((HOST, 0), family=FAMILY) as listening:
    in_a_thread(listening)
    in_a_child(listening)
over_udp()
