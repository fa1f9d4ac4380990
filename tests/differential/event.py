"""One sample as a reader has it, and running the readers."""

import codecs
import subprocess
from dataclasses import dataclass, field


@dataclass(slots=True)
class Event:
    name: str
    time_ns: int | None = None
    cpu: int | None = None
    pid: int | None = None
    tid: int | None = None
    comm: str | None = None
    fields: dict = field(default_factory=dict)
    common: dict = field(default_factory=dict)
    names: dict = field(default_factory=dict)
    trace: str | None = None


NO_TASK = (-1, 0xFFFFFFFF)


def task_id(number):
    """perf's number for a task that had already gone is null in sockscope."""
    return None if number in NO_TASK else number


class ReaderFailed(Exception):
    """A program that reads the recording ended with an error; the text is its own."""


def byte_as_character(error):
    """A byte that is no UTF-8 is the character of its number, as sockscope's JSON has it."""
    return error.object[error.start:error.end].decode("latin-1"), error.end


codecs.register_error("sockscope", byte_as_character)


def text_of(octets):
    return octets.decode(errors="sockscope")


def output_of(command, **options):
    """What the command prints."""
    done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False, **options)
    if done.returncode != 0:
        raise ReaderFailed(f"{command[0]} ended with {done.returncode}: {text_of(done.stderr)[:500]}")
    return text_of(done.stdout)
