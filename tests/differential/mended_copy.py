"""A copy of what a killed perf left, completed with the formats of another recording of the same kernel.

Killed, perf has written neither the size of the records nor what follows them; to other readers the file is nothing."""

import struct
from pathlib import Path

from perf_file import TRACING_DATA, PerfFile

DATA_SECTION, FEATURES = 40, 72


def make_copy(recording, copy, donor):
    data = bytearray(Path(recording).read_bytes())
    formats = PerfFile(donor).tracing_data()
    start, size = struct.unpack_from("<QQ", data, DATA_SECTION)
    assert size == 0, "its perf was not killed"
    struct.pack_into("<Q", data, DATA_SECTION + 8, len(data) - start)
    struct.pack_into("<4Q", data, FEATURES, 1 << TRACING_DATA, 0, 0, 0)
    table = struct.pack("<QQ", len(data) + 16, len(formats))
    Path(copy).write_bytes(bytes(data) + table + formats)
