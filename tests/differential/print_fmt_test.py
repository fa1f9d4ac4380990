#!/usr/bin/env python3
"""Print formats as perf prints them: each expectation is what perf 6.1 was seen to print."""

import unittest

from c_expression import Unsupported
from event_format import parse_format
from print_fmt import PrintFormat

HEADER = "name: it\nID: 7\nformat:\n\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n\n"


def text_of(fields, print_fmt, values):
    """`fields` are lines such as "int ret;4;1": declaration, size, signed."""
    lines = "".join(f"\tfield:{declaration};\toffset:8;\tsize:{size};\tsigned:{signed};\n"
                    for declaration, size, signed in (field.split(";") for field in fields))
    return PrintFormat(parse_format("sys", f"{HEADER}{lines}\nprint fmt: {print_fmt}\n")).text(values)


def octets(text):
    return list(bytes.fromhex(text))


class Conversions(unittest.TestCase):
    def test_numbers(self):
        fields = ["int a;4;1", "unsigned long b;8;0", "u16 c;2;0"]
        self.assertEqual(text_of(fields, '"%d %03d %u", REC->a, REC->a, REC->a', {"a": -2}), "-2 -02 4294967294")
        self.assertEqual(text_of(fields, '"%lx %016lx %ld %lX"' + ", REC->b" * 4, {"b": 2**64 - 1}),
                         "ffffffffffffffff ffffffffffffffff -1 FFFFFFFFFFFFFFFF")
        self.assertEqual(text_of(fields, '"%#x %#x 0x%04x %hu", REC->c, REC->a, REC->c, REC->c', {"a": 0, "c": 17}),
                         "0x11 0 0x0011 17")

    def test_pointers(self):
        fields = ["void * p;8;0"]
        self.assertEqual(text_of(fields, '"%p %ps %pS", REC->p, REC->p, (void *)REC->p', {"p": 0xFFFF}),
                         "0xffff 0xffff 0xffff")
        self.assertEqual(text_of(fields, '"%p %ps", REC->p, REC->p', {"p": 0}), "(nil) 0x0")

    def test_addresses(self):
        fields = ["__u8 v4[4];4;0", "__u8 v6[16];16;0", "__u8 any[28];28;0"]
        v6 = octets("00000000000000000000ffff7f000001")
        self.assertEqual(text_of(fields, '"%pI4 %pI6c", REC->v4, REC->v6', {"v4": [127, 0, 0, 1], "v6": v6}),
                         "127.0.0.1 ::ffff:127.0.0.1")
        self.assertEqual(text_of(fields, '"%pISpc", REC->any', {"any": octets("020000507f000001") + [0] * 20}),
                         "127.0.0.1:80")
        v6_socket = octets("0a00005000000000") + octets("20010db8000000000000000000000001") + [0] * 4
        self.assertEqual(text_of(fields, '"%pISpc", REC->any', {"any": v6_socket}), "[2001:db8::1]:80")
        self.assertEqual(text_of(fields, '"<%pISpc>", REC->any', {"any": [0] * 28}), "<>")

    def test_what_is_not_known_is_no_silent_pass(self):
        for print_fmt in ('"%c", REC->a', '"%d", __print_array(REC->a, 1, 2)', '"%d", REC->a REC->a', '"%*d", 1, 2'):
            with self.assertRaises(Unsupported):
                text_of(["int a;4;1"], print_fmt, {"a": 1})


class Expressions(unittest.TestCase):
    def test_fields_have_no_sign(self):
        print_fmt = '"%d %d", REC->ret > 0 ? REC->ret : 0, REC->ret < 0 ? REC->ret : 0'
        self.assertEqual(text_of(["int ret;4;1"], print_fmt, {"ret": -11}), "-11 0")

    def test_precedence_casts_and_elements(self):
        fields = ["long a[3];24;1", "u64 b;8;0"]
        print_fmt = '"%ld %llu %d", REC->a[1], (unsigned long long)REC->b / 1000L, (REC->b & (1 | 2)) << 1 + 1'
        self.assertEqual(text_of(fields, print_fmt, {"a": [1, -2, 3], "b": 4003}), "-2 4 12")

    def test_symbols(self):
        fields = ["int s;4;0"]
        names = '{ 1, "ONE" }, { (1 << 1), "TWO" }, { KERNEL_NAME, "ZERO" }'
        print_fmt = f'"%s", __print_symbolic(REC->s, {names})'
        self.assertEqual([text_of(fields, print_fmt, {"s": value}) for value in (0, 1, 2, 3)],
                         ["0x0", "ONE", "TWO", "0x3"])

    def test_flags(self):
        print_fmt = '"%s", REC->f ? __print_flags(REC->f & 0xff, "|", { 3, "AB" }, { 1, "A" }, { 4, "C" }) : "none"'
        self.assertEqual([text_of(["int f;4;0"], print_fmt, {"f": value}) for value in (0, 1, 7, 9, 0x100)],
                         ["none", "A", "AB|C", "A|0x8", ""])


if __name__ == "__main__":
    unittest.main()
