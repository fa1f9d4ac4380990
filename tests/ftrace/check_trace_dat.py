"""Holds what sockscope reads of a trace.dat against trace-cmd(1), in every form that trace-cmd writes.

check_trace_dat.py PROGRAM FOLDER    records in an instance of ftrace of its own; status 77 where that cannot be done
"""
import json
import os
import re
import socket
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

TRACEFS = Path("/sys/kernel/tracing")
EVENTS = ["sched/sched_switch", "sched/sched_waking", "net/net_dev_queue", "net/netif_rx", "net/netif_receive_skb",
          "syscalls/sys_enter_sendto", "syscalls/sys_exit_sendto", "syscalls/sys_enter_recvfrom",
          "syscalls/sys_exit_recvfrom", "sock/sock_send_length", "sock/sock_recv_length", "tcp/tcp_probe"]


def skip(why):
    print("skipped:", why)
    raise SystemExit(77)


def run(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


def talk():
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    client = socket.create_connection(listener.getsockname())
    server, _ = listener.accept()

    def answer():
        while data := server.recv(64):
            server.send(data)

    thread = threading.Thread(target=answer)
    thread.start()
    for _ in range(200):
        client.send(b"x" * 64)
        client.recv(64)
    client.close()
    thread.join()


def read_pages(pipe, into):
    """Until nothing more comes: the pages of one CPU."""
    with open(os.open(pipe, os.O_RDONLY | os.O_NONBLOCK), "rb", buffering=0) as pages, open(into, "wb") as out:
        while True:
            try:
                page = pages.read(4096)
            except BlockingIOError:
                break
            if not page:
                break
            out.write(page.ljust(4096, b"\0"))


def record(folder):
    instance = TRACEFS / "instances" / f"sockscope-check-{os.getpid()}"
    try:
        instance.mkdir()
    except OSError as error:
        skip(f"no instance of ftrace: {error}")
    try:
        (instance / "trace_clock").write_text("mono")
        for event in EVENTS:
            (instance / "events" / event / "enable").write_text("1")
        talk()
        (instance / "tracing_on").write_text("0")
        pages = []
        for cpu in sorted((instance / "per_cpu").iterdir(), key=lambda path: int(path.name[3:])):
            pages.append(folder / cpu.name)
            read_pages(cpu / "trace_pipe_raw", pages[-1])
    finally:
        time.sleep(0.1)
        instance.rmdir()
    return pages


def forms_of(folder, pages):
    """The same trace in the forms that trace-cmd can write."""
    head, plain = folder / "head.dat", folder / "plain.dat"
    run("trace-cmd", "restore", "-c", "-o", head)
    run("trace-cmd", "restore", "-i", head, "-o", plain, *pages)
    old, packed = folder / "v6.dat", folder / "zstd.dat"
    run("trace-cmd", "convert", "-i", plain, "-o", old, "--file-version", "6")
    run("trace-cmd", "convert", "-i", plain, "-o", packed, "--compression", "zstd")
    return plain, old, packed


THEIRS = re.compile(r"^ *(.+)-(\d+) +\[(\d+)\] +(\d+)\.(\d{9}): +(\w+): +(.*)$")


def events_of_trace_cmd(file):
    events = []
    for line in run("trace-cmd", "report", "-q", "-t", "-R", file).splitlines():
        if not (match := THEIRS.match(line)):
            continue
        _, pid, cpu, seconds, fraction, name, fields = match.groups()
        events.append((int(seconds) * 10**9 + int(fraction), int(cpu), int(pid), name, numbers_of(fields)))
    return events


def numbers_of(fields):
    """What name=18167 may mean: print formats have %x without 0x, too."""
    numbers = {}
    for name, value in re.findall(r"(\w+)=(0x[0-9a-f]+|-?\d+)(?=\s|$)", fields):
        bases = (16,) if value.startswith("0x") else (10, 16)
        numbers[name] = {int(value, base) % 2**32 for base in bases}
    return numbers


def events_of_sockscope(program, file):
    events = []
    for line in run(program, "events", file, "--format", "json").splitlines():
        event = json.loads(line)
        numbers = {key: value % 2**64 for key, value in event["fields"].items() if isinstance(value, int)}
        events.append((event["time_ns"], event["cpu"], event["tid"], event["event"].split(":")[1], numbers))
    return events


def check_events(program, file):
    theirs, ours = events_of_trace_cmd(file), events_of_sockscope(program, file)
    if len(ours) != len(theirs):
        raise SystemExit(f"{file.name}: {len(ours)} events, trace-cmd {len(theirs)}")
    compared = 0
    for mine, other in zip(sorted(ours, key=lambda e: e[:4]), sorted(theirs, key=lambda e: e[:4])):
        if mine[:4] != other[:4]:
            raise SystemExit(f"{file.name}: {mine} but trace-cmd {other}")
        for name in mine[4].keys() & other[4].keys():
            compared += 1
            if mine[4][name] % 2**32 not in other[4][name]:
                raise SystemExit(f"{file.name}: {name} of {mine} but trace-cmd {other}")
    if compared < len(ours):
        raise SystemExit(f"{file.name}: only {compared} fields could be compared")
    print(f"{file.name}: {len(ours)} events, {compared} fields as trace-cmd has them")


def check_summary(program, files):
    """The round trips, too, are the same whatever the form."""
    reports = []
    for file in files:
        report = json.loads(run(program, "report", file, "--format", "json"))
        reports.append({key: value for key, value in report.items() if key not in ("title", "environment")})
    if any(report != reports[0] for report in reports[1:]):
        raise SystemExit("the forms of one trace give different reports")
    tcp = reports[0]["protocols"]["tcp"]["traced"]
    if tcp["matched"] < 390 or reports[0]["data_quality"]["lost_events"] != 0:
        raise SystemExit(f"200 round trips, but {tcp['matched']} messages followed")
    print(f"{tcp['matched']} messages followed in each form")


class Page:
    """Events of the ring buffer, as include/linux/ring_buffer.h lays them out."""

    def __init__(self, start):
        self.start, self.last, self.data = start, start, b""

    def add(self, when, payload):
        self.data += struct.pack("<I", (when - self.last) << 5 | len(payload) // 4) + payload
        self.last = when

    def bytes(self):
        return struct.pack("<QQ", self.start, len(self.data)) + self.data.ljust(4080, b"\0")


def graph_pages(folder):
    """Calls as the tracer records them: those of two tasks, one of which goes from CPU 0 to CPU 1."""
    ids = {}
    for name in ("funcgraph_entry", "funcgraph_exit"):
        try:
            text = (TRACEFS / "events" / "ftrace" / name / "format").read_text()
        except OSError as error:
            skip(f"no format of {name}: {error}")
        ids[name] = int(re.search(r"^ID: (\d+)", text, re.M).group(1))
        if name == "funcgraph_exit" and not re.search(r"rettime;\s+offset:32;", text):
            skip("this kernel has another funcgraph_exit")
    wanted = ("tcp_sendmsg", "tcp_sendmsg_locked", "lock_sock_nested", "udp_sendmsg")
    symbols = {}
    for line in Path("/proc/kallsyms").read_text().splitlines():
        address, kind, name, *_ = line.split()
        if kind in "tT" and name in wanted:
            symbols.setdefault(name, int(address, 16))
    if len(symbols) < len(wanted) or 0 in symbols.values():
        skip("the kernel's symbols are hidden")

    def entry(pid, name, depth):
        return struct.pack("<HBBiQII", ids["funcgraph_entry"], 0, 0, pid, symbols[name], depth, 0)

    def leave(pid, name, depth, begin, end):
        return struct.pack("<HBBiQIIQQ", ids["funcgraph_exit"], 0, 0, pid, symbols[name], depth, 0, begin, end)

    zero, one = Page(10**9), Page(10**9)
    zero.add(10**9 + 10, entry(70, "tcp_sendmsg", 0))
    zero.add(10**9 + 110, entry(70, "lock_sock_nested", 1))
    zero.add(10**9 + 345, leave(70, "lock_sock_nested", 1, 10**9 + 111, 10**9 + 340))
    zero.add(10**9 + 400, entry(70, "tcp_sendmsg_locked", 1))
    zero.add(10**9 + 500, entry(80, "udp_sendmsg", 0))
    one.add(10**9 + 5000, leave(70, "tcp_sendmsg_locked", 1, 10**9 + 401, 10**9 + 4990))
    one.add(10**9 + 70000, leave(70, "tcp_sendmsg", 0, 10**9 + 11, 10**9 + 69990))
    zero.add(10**9 + 80000, leave(80, "udp_sendmsg", 0, 10**9 + 501, 10**9 + 79000))
    files = []
    for number, page in enumerate((zero, one)):
        files.append(folder / f"graph{number}")
        files[-1].write_bytes(page.bytes())
    return files


def calls_of(report):
    return {function["name"]: (function["calls"], function["self_ns"], function["total_ns"])
            for function in report["functions"]}


def check_calls(program, folder):
    """trace-cmd makes text of the calls, and we read the text: the same as what we read of the file."""
    expected = {"tcp_sendmsg": (1, 69979 - 229 - 4589, 69979), "lock_sock_nested": (1, 229, 229),
                "tcp_sendmsg_locked": (1, 4589, 4589), "udp_sendmsg": (1, 78499, 78499)}
    subfolder = folder / "graph"
    subfolder.mkdir()
    for file in forms_of(subfolder, graph_pages(folder)):
        ours = json.loads(run(program, "report", file, "--format", "json"))
        if calls_of(ours) != expected or not ours["data_quality"]["complete"]:
            raise SystemExit(f"{file.name}: {ours}")
        text = folder / "graph.log"
        text.write_text(run("trace-cmd", "report", file))
        theirs = json.loads(run(program, "report", text, "--format", "json"))
        if calls_of(theirs) != expected or theirs["tree"] != ours["tree"]:
            raise SystemExit(f"{file.name}: as text of trace-cmd {theirs}")
        print(f"{file.name}: {ours['calls']} calls, as trace-cmd prints them")


def main():
    program, folder = sys.argv[1], Path(sys.argv[2])
    if subprocess.run(["which", "trace-cmd"], capture_output=True).returncode != 0:
        skip("no trace-cmd")
    if os.geteuid() != 0:
        skip("not root")
    folder.mkdir(parents=True, exist_ok=True)
    run("find", folder, "-mindepth", "1", "-delete")
    files = forms_of(folder, record(folder))
    for file in files:
        check_events(program, file)
    check_summary(program, files)
    check_calls(program, folder)
    run("find", folder, "-mindepth", "1", "-delete")


main()
