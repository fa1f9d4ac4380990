"""A copy of a recording as a machine of the other byte order would have written it: what it says stays the same.

Every number is reversed where it stands: header, attrs, ids, records with their trailers, the fields of every payload as
its format describes them, and the features that both perf and sockscope need. Only of file form, only of what perf
record writes for tracepoints."""

import struct
from pathlib import Path

from event_format import formats_of_recording
from perf_file import TRACING_DATA, PerfFile

# Features by what they are: {u32 length, text}, {u32, u32}.
TEXTS, PAIR = (3, 4, 5, 6, 8), 7
SAMPLE = 9
# Leading numbers of a record's body, before text or trailer, by type: "I" and "Q" as struct has them.
LEADING = {1: "IIQQQ", 2: "QQ", 3: "II", 4: "IIIIQ", 7: "IIIIQ", 10: "IIQQQIIQQII", 13: "Q", 14: "", 15: "II", 17: "QIHH",
           18: "HHI"}
LAST_KERNEL_TYPE = 63
ATTR_LAYOUT = "IIQQQQ"  # up to the flags, which are a bit field
ATTR_BEHIND_FLAGS = "IIQQQQQIiQIIHHIQ"
FLAGS_AT = 40
# What a sample begins with and what another record ends with, by bit of sample_type.
SAMPLE_FIELDS = ((16, "Q"), (0, "Q"), (1, "II"), (2, "Q"), (3, "Q"), (6, "Q"), (9, "Q"), (7, "II"), (8, "Q"))
TRAILER_FIELDS = ((1, "II"), (2, "Q"), (6, "Q"), (9, "Q"), (7, "II"), (16, "Q"))
RAW = 1 << 10
TRACEPOINT = 2
COPIED = RAW | sum(1 << bit for bit, _ in SAMPLE_FIELDS)



def swap(data, at, layout):
    """Reverses the numbers of a layout in place; says where they end."""
    size = struct.calcsize("<" + layout)
    struct.pack_into(">" + layout, data, at, *struct.unpack_from("<" + layout, data, at))
    return at + size


def swap_elements(data, at, size, element):
    for start in range(at, at + size - element + 1, element):
        data[start:start + element] = data[start:start + element][::-1]


def mirrored(byte):
    return int(f"{byte:08b}"[::-1], 2)


def swap_attr(data, at, size):
    swap(data, at, ATTR_LAYOUT)
    for flags in range(at + FLAGS_AT, at + FLAGS_AT + 8):
        data[flags] = mirrored(data[flags])
    behind = at + FLAGS_AT + 8
    length = 0
    for number in ATTR_BEHIND_FLAGS:
        length = swap_one(data, behind, length, number, size)


def swap_one(data, start, offset, number, attr_size):
    if FLAGS_AT + 8 + offset + struct.calcsize("<" + number) <= attr_size:
        swap(data, start + offset, number)
    return offset + struct.calcsize("<" + number)


def swap_payload(data, at, size, event_format):
    end = at + size
    for field in event_format.common_fields + event_format.fields:
        if field.is_dynamic:
            where = struct.unpack_from("<I", data, at + field.offset)[0]
            start = (where & 0xffff) + (field.offset + 4 if field.type.startswith("__rel_loc") else 0)
            if not field.is_string and at + start + (where >> 16) <= end:
                swap_elements(data, at + start, where >> 16, element_size(field, where >> 16))
            swap(data, at + field.offset, "I")
        elif not field.is_string:
            swap_elements(data, at + field.offset, field.size, element_size(field, field.size))


def element_size(field, size):
    if "cpumask" in field.type:
        return 8
    if not field.is_array:
        return size
    if field.count:
        return size // field.count
    for word, element in (("u8", 1), ("char", 1), ("u16", 2), ("short", 2), ("u32", 4), ("int", 4)):
        if word in field.type:
            return element
    return 8


def layout_of(fields, sample_type):
    return "".join(layout for bit, layout in fields if sample_type >> bit & 1)


def sample_type_of(data, attrs):
    """Of all tracepoints. What else there may be, a dummy, has no samples, and trailers like theirs."""
    types = {struct.unpack_from("<Q", data, attr + 24)[0] for attr in attrs
             if struct.unpack_from("<I", data, attr)[0] == TRACEPOINT}
    trailers = {layout_of(TRAILER_FIELDS, struct.unpack_from("<Q", data, attr + 24)[0]) for attr in attrs}
    assert len(types) == 1 and len(trailers) == 1, f"samples of different layouts: {types}"
    sample_type = types.pop()
    assert sample_type & RAW and not sample_type & ~COPIED, f"samples of another layout: {sample_type:#x}"
    return sample_type


def swap_record(data, at, kind, end, sample_type, formats_by_id):
    body = at + 8
    if kind == SAMPLE:
        layout = layout_of(SAMPLE_FIELDS, sample_type) + "I"
        payload = body + struct.calcsize("<" + layout)
        raw_size = struct.unpack_from("<I", data, payload - 4)[0]
        swap_payload(data, payload, raw_size, formats_by_id[struct.unpack_from("<H", data, payload)[0]])
        swap(data, body, layout)
    else:
        if kind not in LEADING:
            raise ValueError(f"a record of type {kind}")
        swap(data, body, LEADING[kind])
        trailer = layout_of(TRAILER_FIELDS, sample_type)
        swap(data, end - struct.calcsize("<" + trailer), trailer)
    swap(data, at, "IHH")


def foreign_tracing_data(blob):
    """The number that says the byte order, and every size that follows."""
    data = bytearray(blob)
    at = data.index(b"\0", 10) + 1
    data[at] = 1
    at = swap(data, at + 2, "I")
    for name in (b"header_page\0", b"header_event\0"):
        at = skip_text(data, at + len(name))
    count = struct.unpack_from("<I", data, at)[0]
    at = swap(data, at, "I")
    for _ in range(count):
        at = skip_text(data, at)
    systems = struct.unpack_from("<I", data, at)[0]
    at = swap(data, at, "I")
    for _ in range(systems):
        at = data.index(b"\0", at) + 1
        count = struct.unpack_from("<I", data, at)[0]
        at = swap(data, at, "I")
        for _ in range(count):
            at = skip_text(data, at)
    for layout in ("I", "I", "Q"):  # kallsyms, printk formats, saved command lines
        size = struct.unpack_from("<" + layout, data, at)[0]
        at = swap(data, at, layout) + size
    return bytes(data)


def skip_text(data, at):
    """u64 size, so many bytes."""
    size = struct.unpack_from("<Q", data, at)[0]
    return swap(data, at, "Q") + size


def foreign_features(recording):
    """{bit: bytes}."""
    file = PerfFile(recording)
    features = {TRACING_DATA: foreign_tracing_data(file.section(TRACING_DATA))}
    for bit in TEXTS:
        if text := file.section(bit):
            features[bit] = struct.pack(">I", len(text) - 4) + text[4:]
    features[PAIR] = struct.pack(">II", *struct.unpack("<II", file.section(PAIR)))
    return dict(sorted(features.items()))


def make_copy(recording, copy):
    data = bytearray(Path(recording).read_bytes())
    formats_by_id = {one.id: one for one in formats_of_recording(recording).values()}
    attr_size, attrs_at, attrs_size, data_at, data_size = struct.unpack_from("<5Q", data, 16)
    features = foreign_features(recording)

    sample_type = sample_type_of(data, range(attrs_at, attrs_at + attrs_size, attr_size))
    records = bytearray()
    at = data_at
    while at < data_at + data_size:
        kind, _, size = struct.unpack_from("<IHH", data, at)
        if kind <= LAST_KERNEL_TYPE:  # perf's own repeat what stands elsewhere
            swap_record(data, at, kind, at + size, sample_type, formats_by_id)
            records += data[at:at + size]
        at += size
    for entry in range(attrs_at, attrs_at + attrs_size, attr_size):
        ids_at, ids_size = struct.unpack_from("<QQ", data, entry + attr_size - 16)
        swap(data, ids_at, "Q" * (ids_size // 8))
        swap_attr(data, entry, attr_size - 16)
        swap(data, entry + attr_size - 16, "QQ")
    struct.pack_into("<Q", data, 48, len(records))
    data[data_at:] = records
    payload_at = len(data) + 16 * len(features)
    for payload in features.values():
        data += struct.pack(">QQ", payload_at, len(payload))
        payload_at += len(payload)
    for payload in features.values():
        data += payload
    data[:8] = data[:8][::-1]
    swap(data, 8, "Q" * 8)
    struct.pack_into(">4Q", data, 72, sum(1 << bit for bit in features), 0, 0, 0)
    Path(copy).write_bytes(data)
