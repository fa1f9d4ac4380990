"""The fields as these tests read them out of the payloads that perf finds: every byte of every field counts."""

import json
import os
import tempfile
from pathlib import Path

from event import Event, output_of, task_id, text_of

SCRIPT = Path(__file__).with_name("perf_dump_payloads.py")
ELEMENT_BYTES = (1, 2, 4, 8)


def octets_of(field, payload):
    """None for what lies outside of the payload."""
    at, size = field.offset, field.size
    if field.is_dynamic:
        location = int.from_bytes(payload[at:at + 4], "little")
        start = location & 0xFFFF
        if field.type.startswith("__rel_loc"):
            start += at + size
        at, size = start, location >> 16
    return payload[at:at + size] if at + size <= len(payload) else None


def value_of(field, payload):
    octets = octets_of(field, payload)
    if octets is None:
        return None
    if field.is_string:
        return text_of(octets.split(b"\0")[0])
    if field.is_array:
        size = field.size // field.count
        return [int.from_bytes(octets[at:at + size], "little", signed=field.is_signed)
                for at in range(0, len(octets), size)]
    if len(octets) in ELEMENT_BYTES:
        return int.from_bytes(octets, "little", signed=field.is_signed)
    return "0x" + octets.hex()


def decode(event_format, payload):
    if int.from_bytes(payload[:2], "little") != event_format.id:
        raise ValueError(f"a payload of another event in {event_format.name}")
    return ({field.name: value_of(field, payload) for field in event_format.fields},
            {field.name: value_of(field, payload) for field in event_format.common_fields})


def events_of(recording, formats):
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / "payloads.json"
        output_of(["perf", "script", "--force", "-i", str(recording), "-s", str(SCRIPT)],
                  env=os.environ | {"SOCKSCOPE_PAYLOADS_FILE": str(dump)})
        with dump.open(encoding="ascii") as lines:
            for line in lines:
                (name, time_ns, cpu, pid, tid, comm), payload = json.loads(line)
                fields, common = decode(formats[name], bytes.fromhex(payload)) if name in formats else ({}, {})
                yield Event(name, time_ns, cpu, task_id(pid), task_id(tid), comm, fields, common)
