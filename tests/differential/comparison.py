"""Two readers' events side by side: the first difference is an exception that says where and what."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import zip_longest

from ctf import ctf_name
from print_fmt import PrintFormat

HEAD = ("name", "time_ns", "cpu", "pid", "tid", "comm")
NOT_SHOWN = {"common_type"}  # is the event's name

# What perf 6.1 prints wrongly: (the field at the end of whose text it does, why). The text is compared up to there.
GARBLED = {"timer:timer_start": ("flags", "`flags & (A | B | C | D)` is read as `(flags & A) | B | C | D`")}


class Difference(Exception):
    def __init__(self, oracle, number, what, ours, theirs):
        super().__init__(f"event {number}: {what}: sockscope has {ours!r}, {oracle} has {theirs!r}")


@dataclass
class Tally:
    """What was compared: events, and fields of events, by each oracle."""
    events: int = 0
    text: int = 0
    names: int = 0
    ctf: int = 0
    payload: int = 0

    def __str__(self):
        return (f"{self.events} events; fields: {self.text} by text, {self.ctf} by CTF, {self.payload} by payload; "
                f"{self.names} names")


def same(ours, theirs):
    return ours == theirs and type(ours) is type(theirs)


def in_time_order(events):
    """perf sorts by time and keeps the file's order for equal times, as sockscope does. Where a round of its buffers
    was flushed too early its order breaks; sorting again mends that and changes nothing otherwise."""
    return sorted(events, key=lambda event: event.time_ns)


def pairs(oracle, ours, theirs, head):
    """Every event with its counterpart, once what stands before the fields is the same in both."""
    for number, (mine, other) in enumerate(zip_longest(ours, theirs)):
        if mine is None or other is None:
            raise Difference(oracle, number, "event", mine and mine.name, other and other.name)
        for attribute in head:
            compare(oracle, number, attribute, getattr(mine, attribute), getattr(other, attribute))
        yield number, mine, other


def compare(oracle, number, what, ours, theirs):
    if not same(ours, theirs):
        raise Difference(oracle, number, what, ours, theirs)


class Comparison:
    def __init__(self, formats, ours):
        self.formats = formats
        self.ours = ours
        self.tally = Tally(events=len(ours))
        self.print_formats = {}
        self.garbled = set()   # events of GARBLED that perf did print wrongly

    def print_format(self, name):
        if name not in self.print_formats:
            self.print_formats[name] = PrintFormat(self.formats[name])
        return self.print_formats[name]

    def with_text(self, lines, head=HEAD):
        oracle = "perf script"
        for number, mine, line in pairs(oracle, self.ours, in_time_order(lines), head):
            if mine.name not in self.formats:
                compare(oracle, number, f"{mine.name}: text", "", line.trace or "")
                continue
            self.compare_names(number, mine)
            self.compare_text(oracle, number, mine, line.trace or "")

    def compare_text(self, oracle, number, mine, theirs):
        print_format = self.print_format(mine.name)
        ours = print_format.text(mine.fields)
        compared = len(print_format.fields)
        if ours != theirs and mine.name in GARBLED:
            marker = f" {GARBLED[mine.name][0]}="
            ours, theirs = ours.rpartition(marker)[0], theirs.rpartition(marker)[0]
            compared -= 1
            self.garbled.add(mine.name)
        if ours != theirs:
            fields, ours, rest = print_format.first_difference(mine.fields, theirs)
            raise Difference(oracle, number, f"{mine.name}: {', '.join(fields) or 'end'}", ours, rest)
        self.tally.text += compared

    def compare_names(self, number, mine):
        """The names are the print format's, which the text was seen to follow."""
        for field, name_of in self.print_format(mine.name).names.items():
            compare("print fmt", number, f"{mine.name}: name of {field}", mine.names.get(field), name_of(mine.fields))
            self.tally.names += 1

    def with_payloads(self, events, head=HEAD):
        oracle = "the payload"
        for number, mine, other in pairs(oracle, self.ours, in_time_order(events), head):
            compare(oracle, number, f"{mine.name}: fields", list(mine.fields), list(other.fields))
            for name, value in other.fields.items():
                compare(oracle, number, f"{mine.name}: {name}", mine.fields[name], value)
            compare(oracle, number, f"{mine.name}: common", mine.common,
                    {name: value for name, value in other.common.items() if name not in NOT_SHOWN})
            self.tally.payload += len(other.fields)

    def with_ctf(self, streams):
        oracle = "CTF"
        ours = defaultdict(list)
        for event in self.ours:
            ours[event.cpu or 0].append(event)
        for cpu in sorted(ours.keys() | streams.keys()):
            for number, mine, other in pairs(f"{oracle} of CPU {cpu}", ours[cpu], in_time_order(streams[cpu]),
                                             ("name", "time_ns", "pid", "tid")):
                self.compare_ctf_fields(oracle, number, mine, other)

    def compare_ctf_fields(self, oracle, number, mine, other):
        fields = self.formats[mine.name].fields if mine.name in self.formats else ()
        compare(oracle, number, f"{mine.name}: fields", [ctf_name(field.name) for field in fields],
                list(other.fields))
        for field in fields:
            if field.ends_at_nul_in_ctf:
                continue
            compare(oracle, number, f"{mine.name}: {field.name}", mine.fields[field.name],
                    other.fields[ctf_name(field.name)])
            self.tally.ctf += 1
        compare(oracle, number, f"{mine.name}: common", mine.common,
                {name: value for name, value in other.common.items() if name not in NOT_SHOWN})
