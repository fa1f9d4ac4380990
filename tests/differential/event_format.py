"""The formats in a recording's TRACING_DATA, read without any of the code under test."""

import re
import struct
from dataclasses import dataclass

from perf_file import PerfFile

FIELD_LINE = re.compile(r"\tfield:(.+);\toffset:(\d+);\tsize:(\d+);\tsigned:([01]);")


@dataclass(frozen=True, slots=True)
class Field:
    type: str
    name: str
    offset: int
    size: int
    is_signed: bool
    is_array: bool
    count: int | None  # elements of an array, where the format says it in digits

    @property
    def is_dynamic(self):
        return self.type.startswith(("__data_loc", "__rel_loc"))

    @property
    def is_string(self):
        return self.is_array and re.search(r"\bchar\b", self.type) is not None and "unsigned" not in self.type

    @property
    def ends_at_nul_in_ctf(self):
        """Arrays of bytes, which perf takes for text although they are none."""
        return self.is_array and not self.is_string and re.search(r"char|u8|s8", self.type) is not None


@dataclass(frozen=True, slots=True)
class Format:
    name: str
    id: int
    common_fields: tuple
    fields: tuple
    print_fmt: str

    def field(self, name):
        return next(field for field in self.fields if field.name == name)


def parse_field(declaration, offset, size, signed):
    """`unsigned long args[6]` and `__data_loc char[] name`: the brackets stand behind the name or the type."""
    brackets = re.search(r"\[([^\]]*)\]", declaration)
    plain = re.sub(r"\[[^\]]*\]", "", declaration)
    type_name, name = re.fullmatch(r"(.*?)\s*(\w+)", plain).groups()
    count = int(brackets[1]) if brackets and brackets[1].isdigit() else None
    return Field(type_name, name, int(offset), int(size), signed == "1", brackets is not None, count)


def parse_format(system, text):
    name = re.search(r"^name: (\S+)$", text, re.M).group(1)
    event_id = int(re.search(r"^ID: (\d+)$", text, re.M).group(1))
    fields = [parse_field(*line) for line in FIELD_LINE.findall(text)]
    print_fmt = re.search(r"^print fmt: (.*)", text, re.M | re.S).group(1)
    common = tuple(field for field in fields if field.name.startswith("common_"))
    own = tuple(field for field in fields if not field.name.startswith("common_"))
    return Format(f"{system}:{name}", event_id, common, own, print_fmt.strip())


class Cursor:
    def __init__(self, data):
        self.data = data
        self.at = 0

    def take(self, size):
        self.at += size
        return self.data[self.at - size:self.at]

    def number(self, layout):
        return struct.unpack(layout, self.take(struct.calcsize(layout)))[0]

    def text_to_nul(self):
        return self.take(self.data.index(b"\0", self.at) + 1 - self.at)[:-1].decode()


def formats_of_tracing_data(blob):
    cursor = Cursor(blob)
    assert cursor.take(10) == b"\x17\x08\x44tracing", "no tracing data"
    cursor.text_to_nul()  # version
    assert cursor.take(1) == b"\0", "big-endian tracing data"
    cursor.take(5)  # size of long, size of a page
    for name in ("header_page", "header_event"):
        assert cursor.text_to_nul() == name
        cursor.take(cursor.number("<Q"))
    for _ in range(cursor.number("<I")):  # formats of ftrace's own events
        cursor.take(cursor.number("<Q"))
    formats = {}
    for _ in range(cursor.number("<I")):
        system = cursor.text_to_nul()
        for _ in range(cursor.number("<I")):
            entry = parse_format(system, cursor.take(cursor.number("<Q")).decode())
            formats[entry.name] = entry
    return formats


def formats_of_recording(path):
    """{"sched:sched_switch": Format}; empty for a recording without tracepoints."""
    blob = PerfFile(path).tracing_data()
    return formats_of_tracing_data(blob) if blob else {}
