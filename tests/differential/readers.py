"""One recording through sockscope and through every other reader that can open it."""

import re
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import ctf
import perf_payload
import perf_script
import sockscope_events
from comparison import Comparison, compare
from event import ReaderFailed, output_of
from event_format import formats_of_recording
from perf_file import PerfFile


def missing_tools():
    return [tool for tool in ("perf", "babeltrace2") if not shutil.which(tool)]


def without_cpu(events):
    """perf's binding and CTF have some number for the CPU of a sample that has none."""
    return [replace(event, cpu=None) for event in events]


def sample_count(recording):
    """As perf's own statistics have it. Its text: "          SAMPLE events:       7"."""
    text = output_of(["perf", "report", "--force", "--stats", "-i", str(recording)])
    counts = re.findall(r"^\s*SAMPLE events:\s+(\d+)", text, re.M)
    return int(counts[0]) if counts else 0


def compare_all(program, recording, has_cpu=True, make_copy=None, has_ctf=True):
    """The finished comparison; `sockscope` always reads the recording itself, the others a copy if they must."""
    ours = sockscope_events.events_of(program, recording)
    with tempfile.TemporaryDirectory() as folder:
        readable = recording
        if make_copy:
            readable = Path(folder) / "copy.data"
            make_copy(recording, readable)
        formats = formats_of_recording(readable)
        comparison = Comparison(formats, ours)
        comparison.with_text(perf_script.events_of(readable, has_cpu))
        payloads = perf_payload.events_of(readable, formats)
        comparison.with_payloads(payloads if has_cpu else without_cpu(payloads))
        if not PerfFile(readable).is_pipe:  # which perf 6.1 can neither convert nor count
            compare("perf report --stats", "all", "number of events", comparison.tally.events, sample_count(readable))
            if has_ctf:
                comparison.with_ctf(ctf.streams_of(readable))
    every_field = sum(len(event.fields) for event in comparison.ours)
    compare("the payload", "all", "number of fields", every_field, comparison.tally.payload)
    return comparison


def refusal_of(program, recording):
    """Why sockscope does not read it; None if it does."""
    try:
        sockscope_events.events_of(program, recording)
    except ReaderFailed as refusal:
        return str(refusal)
    return None
