"""Writes CTF 1.8 traces byte by byte, by no library's help: what a test says is in them, and what no tracer would write.

    trace = Trace(ENVIRONMENT, contexts=[("s32", "vtid")])
    trace.describe("sched_waking", [("text16", "comm"), ("s32", "tid")])
    trace.add(cpu=0, time=1000, name="sched_waking", contexts=[7], values=["nc", 8])
    trace.write(folder)

Types of fields: u8 u16 u32 u64 s32 s64, x64 (in hex), str, textN (an array of N characters), T[N] (an array of numbers),
T[] (a sequence: its length comes before it as a u32).
"""

import re
import struct
import uuid

MAGIC = 0xC1FC1FC1
UUID = uuid.UUID("01234567-89ab-cdef-0123-456789abcdef")
NUMBER = {"u8": "<B", "u16": "<H", "u32": "<I", "u64": "<Q", "s32": "<i", "s64": "<q", "x64": "<Q"}
PACKET_HEADER = struct.Struct("<I16sI")
PACKET_CONTEXT = struct.Struct("<QQQQQI")
LTTNG = {"hostname": "lab", "domain": "kernel", "sysname": "Linux", "kernel_release": "6.1.0-lab",
         "tracer_name": "lttng-modules", "tracer_major": 2, "tracer_minor": 13}


def integer(kind):
    size = 8 * struct.calcsize(NUMBER[kind])
    base = " base = 16;" if kind == "x64" else ""
    return f"integer {{ size = {size}; align = 8; signed = {'true' if kind[0] == 's' else 'false'};{base} }}"


def declaration(kind, name):
    if kind == "str":
        return f"string {{ encoding = UTF8; }} _{name};"
    if text := re.fullmatch(r"text(\d+)", kind):
        return f"integer {{ size = 8; align = 8; signed = false; encoding = UTF8; }} _{name}[{text[1]}];"
    if array := re.fullmatch(r"(\w+)\[(\d+)\]", kind):
        return f"{integer(array[1])} _{name}[{array[2]}];"
    if kind.endswith("[]"):
        return f"{integer('u32')} __{name}_length; {integer(kind[:-2])} _{name}[ __{name}_length ];"
    return f"{integer(kind)} _{name};"


def octets(kind, value):
    if kind == "str":
        return value.encode("latin-1") + b"\0"
    if text := re.fullmatch(r"text(\d+)", kind):
        return value.encode("latin-1")[:int(text[1])].ljust(int(text[1]), b"\0")
    if kind.endswith("[]"):
        return struct.pack("<I", len(value)) + b"".join(octets(kind[:-2], one) for one in value)
    if kind.endswith("]"):
        return b"".join(octets(kind.split("[")[0], one) for one in value)
    bits = 8 * struct.calcsize(NUMBER[kind])
    value &= (1 << bits) - 1
    return struct.pack(NUMBER[kind].replace("i", "I").replace("q", "Q"), value)


def structure(fields):
    return "struct { " + " ".join(declaration(*field) for field in fields) + " }"


class Trace:
    def __init__(self, environment=None, contexts=(), offset_s=1_700_000_000, packet_events=1000, cpu_field="cpu_id",
                 frequency=1_000_000_000):
        self.environment = LTTNG if environment is None else environment
        self.contexts = list(contexts)
        self.offset_s = offset_s
        self.packet_events = packet_events
        self.cpu_field = cpu_field
        self.frequency = frequency
        self.kinds = {}
        self.events = {}
        self.discarded = {}

    def describe(self, name, fields):
        self.kinds.setdefault(name, (len(self.kinds), list(fields)))

    def add(self, cpu, time, name, contexts, values):
        number, fields = self.kinds[name]
        body = struct.pack("<IQ", number, time)
        body += b"".join(octets(kind, value) for (kind, _), value in zip(self.contexts, contexts, strict=True))
        body += b"".join(octets(kind, value) for (kind, _), value in zip(fields, values, strict=True))
        self.events.setdefault(cpu, []).append((time, body))

    def metadata(self):
        entries = "\n".join(f"  {name} = {value};" if isinstance(value, int) else f'  {name} = "{value}";'
                            for name, value in self.environment.items())
        contexts = f"  event.context := {structure(self.contexts)};\n" if self.contexts else ""
        header = structure([("u32", "magic"), ("u8[16]", "uuid"), ("u32", "stream_id")]).replace(" _", " ")
        context = structure([("u64", "timestamp_begin"), ("u64", "timestamp_end"), ("u64", "content_size"),
                             ("u64", "packet_size"), ("u64", "events_discarded"), ("u32", self.cpu_field)]).replace(
                                 " _", " ")
        stamp = "integer { size = 64; align = 8; signed = false; map = clock.monotonic.value; }"
        for mark in ("timestamp_begin", "timestamp_end"):
            context = context.replace(f"{integer('u64')} {mark}", f"{stamp} {mark}")
        events = "".join(f'event {{\n  name = "{name}"; id = {number}; stream_id = 0;\n'
                         f"  fields := {structure(fields)};\n}};\n" for name, (number, fields) in self.kinds.items())
        return ("/* CTF 1.8 */\n"
                f'trace {{ major = 1; minor = 8; uuid = "{UUID}"; byte_order = le;\n  packet.header := {header};\n}};\n'
                f"env {{\n{entries}\n}};\n"
                f"clock {{ name = monotonic; freq = {self.frequency}; offset_s = {self.offset_s}; offset = 0; }};\n"
                f"stream {{\n  id = 0;\n  event.header := struct {{ {integer('u32')} id; {stamp} timestamp; }};\n"
                f"  packet.context := {context};\n{contexts}}};\n{events}")

    def packet(self, cpu, events, discarded):
        body = b"".join(octets_ for _, octets_ in events)
        size = 8 * (PACKET_HEADER.size + PACKET_CONTEXT.size + len(body))
        return (PACKET_HEADER.pack(MAGIC, UUID.bytes, 0) +
                PACKET_CONTEXT.pack(events[0][0], events[-1][0], size, size, discarded, cpu) + body)

    def stream(self, cpu):
        events = self.events[cpu]
        parts = [events[at:at + self.packet_events] for at in range(0, len(events), self.packet_events)]
        lost = self.discarded.get(cpu, 0)
        # The counter runs: what the second packet says is missing before it.
        return b"".join(self.packet(cpu, part, lost if number else 0) for number, part in enumerate(parts))

    def write(self, folder):
        folder.mkdir(parents=True)
        (folder / "metadata").write_text(self.metadata())
        for cpu in self.events:
            (folder / f"channel0_{cpu}").write_bytes(self.stream(cpu))
        return folder
