"""The recordings that are there to read, and what comparing each of them has to amount to."""

from dataclasses import dataclass

from comparison import Tally


@dataclass(frozen=True)
class Compared:
    """perf reads it too. Fields are counted over all events."""
    events: int
    text: int = 0
    names: int = 0
    ctf: int = 0
    payload: int = 0
    has_cpu: bool = True
    is_for_newer_perf: bool = False  # than 6.1, which is given a copy
    formats_of: str = ""             # its perf was killed: another one of the same kernel
    golden: int = 0                  # fields in the golden file beside it

    def tally(self):
        return Tally(self.events, self.text, self.names, self.ctf, self.payload)


@dataclass(frozen=True)
class Damaged:
    """perf gives up on it, and its manifest knows of no sample; sockscope finds none, and ends with 4."""


OURS = {
    "tcp-one-cpu/tcp-1.perf.data": Compared(900, text=4309, names=373, ctf=4350, payload=4432),
    "udp-two-cpus/udp-1.perf.data": Compared(934, text=4110, names=373, ctf=4151, payload=4151),
}

FIXTURES = {
    "own-6.18/tcpudp.data": Compared(5857, text=28236, names=4104, ctf=28754, payload=29304),
    "own-6.18/tcpudp.pipe.data": Compared(3651, text=13348, names=2062, payload=14416),
    "own-6.18/killed.pipe.data": Compared(7641, text=41359, names=4609, payload=41359),
    "own-6.18/killed.data":
        Compared(7604, text=41152, names=4585, payload=41152, formats_of="own-6.18/killed.pipe.data"),
    "linuxtracepoints-net/perf.data":
        Compared(539, text=3519, names=285, ctf=3519, payload=3519, is_for_newer_perf=True, golden=3519),
    "linuxtracepoints-net/pipe.data": Compared(551, text=3603, names=297, payload=3603, golden=3603),
    "linux-perf-data/sleep.data": Compared(7, has_cpu=False, is_for_newer_perf=True),
    "linux-perf-data/sleep.compressed.data": Compared(8, has_cpu=False, is_for_newer_perf=True),
    "linux-perf-data/sleep.compressed2.data": Compared(7, has_cpu=False, is_for_newer_perf=True),
    "google/perf.data.ctx_switch_namespaces-4.14": Compared(2, has_cpu=False),
    "google/perf.data.hybrid_topology": Compared(7, has_cpu=False),
    "google/perf.data.i686-3.4": Compared(703),
    "google/perf.data.lost_samples-4.4": Compared(191, has_cpu=False),
    "google/perf.data.piped.header_features_aligned-6.12": Compared(9, has_cpu=False),
    "google/perf.data.piped.no_attr_ids-4.14": Compared(7, has_cpu=False),
    "google/perf.data.singleprocess-3.8": Compared(13, has_cpu=False),
    "google/perf.data.piped.corrupted.zero_size_sample-3.2": Damaged(),
    "google/corpus__poc-145fc46ec928e50d7116f6137a3a074bf5c6934c9ab07e3529d0e8e021e7481f": Damaged(),
    "google/corpus__poc-15c4696aab8d47509154302563290062647df5c1d0156fb35382f62f22e86511": Damaged(),
    "google/corpus__poc-1d0e6544b4addbadb2ff7c136962f7aab8e290a8275d4a46694758c4e75e7a13": Damaged(),
    "google/corpus__poc-2125342715d182bd627e7e86e6843cf54654faeb336d0c07893fec760961d853": Damaged(),
    "google/corpus__poc-2c02c3aa9fb2a613b65097e26fd182d748b0c81b9359a012b09cbe7a358d3ca2": Damaged(),
    "google/corpus__poc-39297b2ac020d2cec6943a92cd44f1c148f43b8ba4640f1b95ca5ed97fd370d1": Damaged(),
    "google/corpus__poc-3be2b745d86f9b6e8491a391f14200007b6841fb5c25b010752c87f1e53af9b5": Damaged(),
    "google/corpus__poc-3c490f25d455ada2b2701674ac183d8abd7b1bccb687235e8e60d390b6c524a6": Damaged(),
}
