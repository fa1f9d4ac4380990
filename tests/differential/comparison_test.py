#!/usr/bin/env python3
"""The comparison is worth what it notices.

usage: comparison_test.py SOCKSCOPE RECORDING

Once with events made up here, and once with a recording: every field of every kind of event in it is changed, one at a
time, and every oracle has to say so."""

import copy
import sys
import unittest
from pathlib import Path

import ctf
import perf_payload
import perf_script
import sockscope_events
from comparison import Comparison, Difference
from event import Event
from event_format import formats_of_recording, parse_format
from readers import missing_tools

FORMAT = """name: it
ID: 7
format:
\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;

\tfield:int a;\toffset:8;\tsize:4;\tsigned:1;
\tfield:char name[16];\toffset:12;\tsize:16;\tsigned:0;

print fmt: "a=%d name=%s", REC->a, REC->name
"""
FORMATS = {"sys:it": parse_format("sys", FORMAT)}
PROGRAM, RECORDING = None, None


def event(time_ns, a, name):
    return Event("sys:it", time_ns, cpu=0, pid=5, tid=6, comm="me", fields={"a": a, "name": name},
                 trace=f"a={a} name={name}")


def events():
    return [event(10, 1, "one"), event(20, 3, "three"), event(20, 2, "two"), event(30, 4, "four")]


class MadeUp(unittest.TestCase):
    def difference(self, ours, theirs):
        """What text and payload both say, without the oracle's name."""
        with self.assertRaises(Difference) as text:
            Comparison(FORMATS, ours).with_text(theirs)
        with self.assertRaises(Difference) as payload:
            Comparison(FORMATS, ours).with_payloads(theirs)
        with self.assertRaises(Difference):
            Comparison(FORMATS, ours).with_ctf({0: theirs})
        return str(text.exception), str(payload.exception)

    def test_equal_streams_are_counted(self):
        comparison = Comparison(FORMATS, events())
        comparison.with_text(events())
        comparison.with_payloads(events())
        comparison.with_ctf({0: events()})
        tally = comparison.tally
        self.assertEqual((tally.events, tally.text, tally.payload, tally.ctf), (4, 8, 8, 8))

    def test_changed_field(self):
        ours = events()
        ours[1].fields["a"] = 33
        self.assertEqual(self.difference(ours, events()),
                         ("event 1: sys:it: a: sockscope has '33', perf script has '3 name=three'",
                          "event 1: sys:it: a: sockscope has 33, the payload has 3"))

    def test_missing_event(self):
        self.assertEqual(self.difference(events()[:-1], events())[0],
                         "event 3: event: sockscope has None, perf script has 'sys:it'")
        self.assertEqual(self.difference(events(), events()[:-1])[0],
                         "event 3: event: sockscope has 'sys:it', perf script has None")
        self.assertEqual(self.difference(events()[1:], events())[0],
                         "event 0: time_ns: sockscope has 20, perf script has 10")

    def test_swapped_order_of_equal_times(self):
        ours = events()
        ours[1], ours[2] = ours[2], ours[1]
        self.assertEqual(self.difference(ours, events())[1], "event 1: sys:it: a: sockscope has 2, the payload has 3")

    def test_head(self):
        for attribute, value in (("name", "sys:other"), ("time_ns", 11), ("pid", None), ("tid", 7)):
            ours = events()
            setattr(ours[0], attribute, value)
            self.assertIn(f"event 0: {attribute}: ", self.difference(ours, events())[0])
        for attribute, value in (("cpu", 1), ("comm", "you")):
            ours = events()
            setattr(ours[0], attribute, value)
            with self.assertRaisesRegex(Difference, f"event 0: {attribute}: "):
                Comparison(FORMATS, ours).with_text(events())

    def test_missing_and_reordered_fields(self):
        ours = events()
        ours[0].fields = {"name": "one", "a": 1}
        with self.assertRaisesRegex(Difference, "event 0: sys:it: fields: "):
            Comparison(FORMATS, ours).with_payloads(events())

    def test_another_type_is_another_value(self):
        ours = events()
        ours[0].fields["a"] = True
        with self.assertRaisesRegex(Difference, "sys:it: a: sockscope has True, the payload has 1"):
            Comparison(FORMATS, ours).with_payloads(events())

    def test_name_that_nobody_gave(self):
        formats = {"sys:it": parse_format("sys", FORMAT.replace(
            '"a=%d name=%s", REC->a', '"a=%s name=%s", __print_symbolic(REC->a, { 1, "ONE" })'))}
        ours = [event(10, 1, "one")]
        ours[0].names = {"a": "TWO"}
        with self.assertRaisesRegex(Difference, "sys:it: name of a: sockscope has 'TWO', print fmt has 'ONE'"):
            Comparison(formats, ours).with_text([event(10, 1, "one")])


def changed(value):
    if isinstance(value, list):
        return [value[0] ^ 1, *value[1:]]
    return value + "x" if isinstance(value, str) else value ^ 1


class Recorded(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.formats = formats_of_recording(RECORDING)
        cls.ours = sockscope_events.events_of(PROGRAM, RECORDING)
        cls.lines = perf_script.events_of(RECORDING)
        cls.payloads = list(perf_payload.events_of(RECORDING, cls.formats))
        cls.streams = ctf.streams_of(RECORDING)

    def assert_noticed(self, number, field, compare):
        """`compare` takes the comparison of just this event."""
        event_with_error = copy.deepcopy(self.ours[number])
        compare(Comparison(self.formats, [event_with_error]))
        event_with_error.fields[field] = changed(event_with_error.fields[field])
        named = Comparison(self.formats, []).print_format(event_with_error.name).names
        event_with_error.names = {name: text for name, name_of in named.items()
                                  if (text := name_of(event_with_error.fields))}
        with self.assertRaises(Difference, msg=f"{event_with_error.name}: {field}"):
            compare(Comparison(self.formats, [event_with_error]))

    def test_every_changed_field_is_noticed_by_every_oracle(self):
        firsts = {event.name: number for number, event in reversed(list(enumerate(self.ours)))}
        for name, number in firsts.items():
            ours = self.ours[number]
            position = sum(1 for event in self.ours[:number] if event.cpu == ours.cpu)
            stream = {ours.cpu: [self.streams[ours.cpu][position]]}
            in_text = Comparison(self.formats, []).print_format(name).fields
            for field in self.formats[name].fields:
                self.assert_noticed(number, field.name, lambda c, n=number: c.with_payloads([self.payloads[n]]))
                if field.name in in_text:
                    self.assert_noticed(number, field.name, lambda c, n=number: c.with_text([self.lines[n]]))
                if not field.ends_at_nul_in_ctf:
                    self.assert_noticed(number, field.name, lambda c, s=stream: c.with_ctf(s))


if __name__ == "__main__":
    PROGRAM, RECORDING = sys.argv[1], Path(sys.argv[2])
    if missing := missing_tools():
        print(f"skipped: not installed: {' '.join(missing)}")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1])
