"""The other end of `echo` with many flows, as somebody else would write it: one thread and a selector.

    echo_flows.py serve tcp|udp PORT FLOWS          echoes until each flow has ended; prints what it echoed
    echo_flows.py ask tcp|udp SIZE ROUNDS PORT...   a flow to each port, a request in each of them a round
"""
import selectors
import socket
import sys

KINDS = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM}
END_OF_WARM_UP = 0xFF
LARGEST = 65536


def serve_tcp(port, flows):
    echoed = 0
    selector = selectors.DefaultSelector()
    listener = socket.create_server(("127.0.0.1", port), backlog=flows)
    selector.register(listener, selectors.EVENT_READ)
    accepted = ended = 0
    while ended < flows:
        for key, _ in selector.select():
            if key.fileobj is listener:
                selector.register(listener.accept()[0], selectors.EVENT_READ)
                accepted += 1
            elif data := key.fileobj.recv(LARGEST):
                key.fileobj.sendall(data)
                echoed += len(data)
            else:
                selector.unregister(key.fileobj)
                key.fileobj.close()
                ended += 1
    print(accepted, "flows,", echoed, "bytes")


def serve_udp(port, flows):
    echoed = 0
    clients = set()
    ended = set()
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", port))
    while len(ended) < flows:
        data, client = server.recvfrom(LARGEST)
        clients.add(client)
        if data:
            server.sendto(data, client)
            echoed += len(data)
        else:
            ended.add(client)
    print(len(clients), "flows,", echoed, "bytes")


def exchange(selector, flows, message):
    """Sends it in every flow, then takes the answers as they come."""
    for flow in flows:
        flow.send(message)
    answers = {flow: b"" for flow in flows}
    while any(len(answer) < len(message) for answer in answers.values()):
        for key, _ in selector.select():
            answers[key.fileobj] += key.fileobj.recv(LARGEST)
    assert all(answer == message for answer in answers.values())


def ask(protocol, size, rounds, ports):
    selector = selectors.DefaultSelector()
    flows = []
    for port in ports:
        flow = socket.socket(socket.AF_INET, KINDS[protocol])
        flow.connect(("127.0.0.1", port))
        selector.register(flow, selectors.EVENT_READ)
        flows.append(flow)
    try:
        end_of_warm_up = bytes([END_OF_WARM_UP]) * size
        if protocol == "tcp":
            exchange(selector, flows, end_of_warm_up)
        else:  # only told
            for flow in flows:
                flow.send(end_of_warm_up)
        for number in range(rounds):
            exchange(selector, flows, bytes([number % 128]) * size)
    finally:
        for flow in flows:
            if protocol == "udp":
                flow.send(b"")
            flow.close()


role, protocol, *numbers = sys.argv[1:]
numbers = [int(number) for number in numbers]
if role == "serve":
    {"tcp": serve_tcp, "udp": serve_udp}[protocol](*numbers)
else:
    ask(protocol, numbers[0], numbers[1], numbers[2:])
