"""As much of a perf.data file's container as these tests take out of it themselves: its features."""

import struct
from pathlib import Path

MAGIC = b"PERFILE2"
PIPE_HEADER_BYTES = 16
TRACING_DATA_RECORD, FEATURE_RECORD = 66, 80
TRACING_DATA, CLOCK_DATA = 1, 29


class PerfFile:
    def __init__(self, path):
        path = Path(path)
        self.data = (path / "data" if path.is_dir() else path).read_bytes()  # perf record --threads makes a folder
        self.is_perf_data = self.data[:8] == MAGIC
        self.is_pipe = self.is_perf_data and self.number("<Q", 8) == PIPE_HEADER_BYTES

    def number(self, layout, at):
        return struct.unpack_from(layout, self.data, at)[0]

    def tracing_data(self):
        """None for a recording without tracepoints, or one whose perf was killed."""
        if not self.is_perf_data:
            return None
        if not self.is_pipe:
            return self.section(TRACING_DATA)
        for kind, at, size in self.records():
            if kind == TRACING_DATA_RECORD:
                return self.data[at + size:at + size + self.number("<I", at + 8)]
        return None

    def wall_clock_offset_ns(self):
        """What to add to an event's time to get the time of day; of a recording made with -k."""
        if self.is_pipe:
            blob = next(self.data[at + 16:at + size] for kind, at, size in self.records()
                        if kind == FEATURE_RECORD and self.number("<Q", at + 8) == CLOCK_DATA)
        else:
            blob = self.section(CLOCK_DATA)
        _, _, wall_ns, clock_ns = struct.unpack_from("<IIQQ", blob)
        return wall_ns - clock_ns

    def records(self):
        """(type, offset, size) of a pipe's records, up to the tracing data, behind which they are none of ours."""
        at = PIPE_HEADER_BYTES
        while at + 8 <= len(self.data):
            kind, _, size = struct.unpack_from("<IHH", self.data, at)
            yield kind, at, size
            if kind == TRACING_DATA_RECORD or size < 8:
                return
            at += size

    def section(self, feature):
        """A feature of the file form. The table stands behind the data, with an entry for each that there is."""
        data_at, data_size = struct.unpack_from("<QQ", self.data, 40)
        features = self.number("<Q", 72)
        if not features >> feature & 1 or data_size == 0:
            return None
        entry = data_at + data_size + 16 * bin(features & ((1 << feature) - 1)).count("1")
        at, size = struct.unpack_from("<QQ", self.data, entry)
        return self.data[at:at + size]
