"""A copy of a recording that perf 6.1 opens although a newer perf wrote it.

perf 6.1 refuses a file whose attrs are longer than the 128 bytes that it knows, and does not know COMPRESSED2. What it
does not know of an attr is cut off; a COMPRESSED2 record becomes a COMPRESSED one. No event is touched."""

import struct
from pathlib import Path

KNOWN_ATTR_BYTES = 128
IDS_SECTION_BYTES = 16
COMPRESSED, COMPRESSED2 = 81, 83
FILE_HEADER_BYTES = 104


def cut_attrs(data):
    attr_size, attrs_at, attrs_size = struct.unpack_from("<QQQ", data, 16)
    entries = b""
    for at in range(attrs_at, attrs_at + attrs_size, attr_size):
        attr = bytearray(data[at:at + KNOWN_ATTR_BYTES])
        struct.pack_into("<I", attr, 4, KNOWN_ATTR_BYTES)
        entries += attr + data[at + attr_size - IDS_SECTION_BYTES:at + attr_size]
    data[attrs_at:attrs_at + len(entries)] = entries
    struct.pack_into("<QQQ", data, 16, KNOWN_ATTR_BYTES + IDS_SECTION_BYTES, attrs_at, len(entries))


def as_compressed(record):
    """u64 size, so many bytes, padding: the older record has neither the size nor the padding."""
    size = struct.unpack_from("<Q", record, 8)[0]
    payload = record[16:16 + size]
    return struct.pack("<IHH", COMPRESSED, 0, 8 + len(payload)) + payload


def records_of(data):
    at, size = struct.unpack_from("<QQ", data, 40)
    end = at + size
    while at < end:
        kind, _, length = struct.unpack_from("<IHH", data, at)
        yield kind, data[at:at + length]
        at += length


def replace_compressed2(data):
    """Shorter records leave a gap behind the data; the table of features has to stand right behind it, so it moves."""
    start, size = struct.unpack_from("<QQ", data, 40)
    features = struct.unpack_from("<4Q", data, 72)
    table = data[start + size:start + size + 16 * sum(bin(word).count("1") for word in features)]
    records = b"".join(as_compressed(record) if kind == COMPRESSED2 else record for kind, record in records_of(data))
    data[start:start + len(records) + len(table)] = records + table
    struct.pack_into("<Q", data, 48, len(records))


def make_copy(recording, copy):
    data = bytearray(Path(recording).read_bytes())
    assert struct.unpack_from("<Q", data, 8)[0] == FILE_HEADER_BYTES, "not in file form"
    cut_attrs(data)
    replace_compressed2(data)
    Path(copy).write_bytes(data)
