"""An event's text as `perf script` prints it, made of the event's fields and its format's print format."""

import ipaddress
import re
from dataclasses import dataclass
from typing import Callable

from c_expression import U64, Parser, Unsupported

CONVERSION = re.compile(r"%(?P<flags>[-+ #0]*)(?P<width>\d*)(?P<precision>\.\d+)?(?P<length>hh|h|ll|l|L|z)?"
                        r"(?P<kind>p(?:ISpc|I4|I6c|[sSfF])?|[diuxXs%])")
BITS = {"hh": 8, "h": 16, "": 32, "l": 64, "ll": 64, "L": 64, "z": 64}
AF_INET, AF_INET6 = 2, 10


@dataclass(frozen=True)
class Piece:
    text: Callable            # fields -> str
    fields: frozenset = frozenset()


def of_literal(literal):
    return Piece(lambda fields: literal)


def of_pointer(number):
    return f"{number:#x}" if number else "(nil)"


def of_ipv6(octets):
    """As inet_ntop, with IPv4 inside IPv6 as the kernel has it: ::ffff:127.0.0.1."""
    address = ipaddress.IPv6Address(octets)
    return f"::ffff:{address.ipv4_mapped}" if address.ipv4_mapped else address.compressed


def of_socket_address(octets):
    """struct sockaddr_in or sockaddr_in6 with its port; nothing for another family."""
    family, port = int.from_bytes(octets[:2], "little"), int.from_bytes(octets[2:4], "big")
    if family == AF_INET:
        return f"{ipaddress.IPv4Address(octets[4:8])}:{port}"
    return f"[{of_ipv6(octets[8:24])}]:{port}" if family == AF_INET6 else ""


OF_OCTETS = {"pI4": lambda octets: str(ipaddress.IPv4Address(octets)), "pI6c": of_ipv6, "pISpc": of_socket_address}


def of_number(conversion, argument):
    spec, bits = conversion["flags"] + conversion["width"], BITS[conversion["length"] or ""]
    kind, mask, sign = conversion["kind"], (1 << bits) - 1, 1 << (bits - 1)

    def signed(fields):
        return f"%{spec}d" % (((argument.number(fields) & mask) ^ sign) - sign)

    def unsigned(fields):
        number = argument.number(fields) & mask
        return f"%{spec.replace('#', '') if number == 0 else spec}{'d' if kind == 'u' else kind}" % number

    return signed if kind in "di" else unsigned


def of_conversion(conversion, argument):
    kind = conversion["kind"]
    if kind == "s" and argument.text:
        spec = f"%{conversion['flags']}{conversion['width']}{conversion['precision'] or ''}s"
        return Piece(lambda fields: spec % argument.text(fields), argument.fields)
    if kind in OF_OCTETS and argument.field is not None:
        name = argument.field.name
        return Piece(lambda fields: OF_OCTETS[kind](bytes(fields[name])), argument.fields)
    if argument.number is None:
        raise Unsupported(f"%{kind} of what is no number")
    if kind == "p":
        return Piece(lambda fields: of_pointer(argument.number(fields)), argument.fields)
    if kind in ("ps", "pS", "pf", "pF"):  # without the kernel's symbols, see perf_script.py
        return Piece(lambda fields: f"{argument.number(fields) & U64:#x}", argument.fields)
    if kind in "diuxX":
        return Piece(of_number(conversion, argument), argument.fields)
    raise Unsupported(f"%{kind}")


class PrintFormat:
    """Raises Unsupported for a print format beyond these tests."""

    def __init__(self, event_format):
        parser = Parser(event_format.print_fmt, event_format.field)
        literal = parser.string_literal()
        arguments = list(parser.arguments())
        if parser.peek()[0] != "end":
            raise Unsupported(f"more after the arguments: {parser.peek()[1]!r}")
        self.pieces = list(self.pieces_of(literal, arguments))
        self.fields = frozenset().union(*(piece.fields for piece in self.pieces))
        self.names = parser.names_of_fields
        if event_format.name == "sched:sched_switch":
            self.names["prev_state"] = self.task_state

    def task_state(self, fields):
        """"R+": what is printed of it, in two pieces."""
        return "".join([piece.text(fields) for piece in self.pieces if piece.fields == {"prev_state"}])

    @staticmethod
    def pieces_of(literal, arguments):
        waiting, at = iter(arguments), 0
        while at < len(literal):
            percent = literal.find("%", at)
            if percent != at:
                end = len(literal) if percent < 0 else percent
                yield of_literal(literal[at:end])
                at = end
                continue
            conversion = CONVERSION.match(literal, at)
            if not conversion:
                raise Unsupported(f"conversion {literal[at:at + 6]!r}")
            at = conversion.end()
            yield of_literal("%") if conversion["kind"] == "%" else of_conversion(conversion, next(waiting))

    def text(self, fields):
        return "".join([piece.text(fields) for piece in self.pieces])

    def first_difference(self, fields, theirs):
        """(names of the fields, our text, their text from there on) of the first piece that is not in `theirs`."""
        at = 0
        for piece in self.pieces:
            ours = piece.text(fields)
            if not theirs.startswith(ours, at):
                return sorted(piece.fields), ours, theirs[at:]
            at += len(ours)
        return [], "", theirs[at:]
