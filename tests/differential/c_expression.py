"""The C expressions of a print format, evaluated as perf's libtraceevent does, which is not as the kernel does:

* every number is an unsigned 64-bit one, and a field is read without its sign: `REC->ret > 0` holds for -11;
* a name that is no field (an enumerator, a kernel variable) is 0; as a value to be given a name it is -1.
"""

import re
from dataclasses import dataclass, replace
from typing import Callable

U64 = (1 << 64) - 1

TOKEN = re.compile(r"""\s*(?:
    (?P<string>"(?:[^"\\]|\\.)*") | (?P<char>'(?:[^'\\]|\\.)') |
    (?P<number>0[xX][0-9a-fA-F]+|\d+)[uUlL]* | (?P<name>[A-Za-z_]\w*) |
    (?P<op>->|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^~!<>?:(){}\[\],.=]))""", re.X)

PRECEDENCE = {"||": 1, "&&": 2, "|": 3, "^": 4, "&": 5, "==": 6, "!=": 6, "<": 7, ">": 7, "<=": 7, ">=": 7,
              "<<": 8, ">>": 8, "+": 9, "-": 9, "*": 10, "/": 10, "%": 10}

BINARY = {
    "||": lambda a, b: int(bool(a or b)), "&&": lambda a, b: int(bool(a and b)),
    "|": lambda a, b: a | b, "^": lambda a, b: a ^ b, "&": lambda a, b: a & b,
    "==": lambda a, b: int(a == b), "!=": lambda a, b: int(a != b),
    "<": lambda a, b: int(a < b), ">": lambda a, b: int(a > b),
    "<=": lambda a, b: int(a <= b), ">=": lambda a, b: int(a >= b),
    "<<": lambda a, b: a << b & U64, ">>": lambda a, b: a >> b,
    "+": lambda a, b: a + b & U64, "-": lambda a, b: a - b & U64, "*": lambda a, b: a * b & U64,
    "/": lambda a, b: a // b, "%": lambda a, b: a % b,
}

# Type to its bits and whether a cast to it widens the sign again. A cast to any other type changes nothing.
CASTS = {"u8": (8, False), "u16": (16, False), "u32": (32, False), "s8": (8, True), "s16": (16, True),
         "s32": (32, True), "int": (32, True), "unsigned int": (32, False), "unsigned": (32, False)}


class Unsupported(Exception):
    """The print format uses something that these tests do not know."""


@dataclass(frozen=True)
class Node:
    number: Callable = None   # fields -> int
    text: Callable = None     # fields -> str
    fields: frozenset = frozenset()
    field: object = None      # the Field itself, where the expression is nothing but a field, or a field and a mask
    is_constant_name: bool = False


def tokenize(text):
    tokens, at = [], 0
    while text[at:].strip():
        match = TOKEN.match(text, at)
        if not match:
            raise Unsupported(f"cannot read {text[at:at + 20]!r}")
        tokens.append((match.lastgroup, match.group(match.lastgroup)))
        at = match.end()
    return tokens + [("end", "")]


def unescape(literal):
    return re.sub(r"\\(.)", lambda match: {"n": "\n", "t": "\t", "r": "\r"}.get(match[1], match[1]), literal)


def cast_value(value, bits, widens):
    value &= (1 << bits) - 1
    return value | U64 & ~((1 << bits) - 1) if widens and value >> (bits - 1) else value


class Parser:
    """One print format's text; `find_field` turns a field's name into its Field."""

    def __init__(self, text, find_field):
        self.tokens = tokenize(text)
        self.at = 0
        self.find_field = find_field
        self.names_of_fields = {}  # of the first __print_symbolic or __print_flags: {"vec": fields -> "NET_RX" or None}

    def peek(self, ahead=0):
        return self.tokens[min(self.at + ahead, len(self.tokens) - 1)]

    def next(self):
        token = self.peek()
        self.at += 1
        return token

    def accept(self, text):
        if self.peek()[1] == text and self.peek()[0] in ("op", "name"):
            self.at += 1
            return True
        return False

    def expect(self, text):
        if not self.accept(text):
            raise Unsupported(f"{text!r} expected before {self.peek()[1]!r}")

    def string_literal(self):
        parts = []
        while self.peek()[0] == "string":
            parts.append(unescape(self.next()[1][1:-1]))
        return "".join(parts)

    def arguments(self):
        while self.accept(","):
            yield self.expression()

    def expression(self):
        condition = self.binary(1)
        if not self.accept("?"):
            return condition
        yes = self.expression()
        self.expect(":")
        no = self.expression()
        fields = condition.fields | yes.fields | no.fields
        if yes.text and no.text:
            return Node(text=lambda f: yes.text(f) if condition.number(f) else no.text(f), fields=fields)
        return Node(number=lambda f: yes.number(f) if condition.number(f) else no.number(f), fields=fields)

    def binary(self, lowest):
        left = self.unary()
        while self.peek()[0] == "op" and PRECEDENCE.get(self.peek()[1], 0) >= lowest:
            operator = self.next()[1]
            right = self.binary(PRECEDENCE[operator] + 1)
            left = self.operation(operator, left, right)
        return left

    @staticmethod
    def operation(operator, left, right):
        apply = BINARY[operator]
        node = Node(number=lambda f: apply(left.number(f), right.number(f)), fields=left.fields | right.fields)
        if operator == "&" and left.field is not None and not right.fields:
            return replace(node, field=left.field)
        return node

    def unary(self):
        for operator, apply in (("-", lambda v: -v & U64), ("~", lambda v: ~v & U64), ("!", lambda v: int(not v))):
            if self.accept(operator):
                operand = self.unary()
                return Node(number=lambda f, a=apply: a(operand.number(f)), fields=operand.fields)
        cast = self.cast_ahead()
        if cast is None:
            return self.postfix()
        operand = self.unary()
        if cast not in CASTS:
            return operand
        return Node(number=lambda f: cast_value(operand.number(f), *CASTS[cast]), fields=operand.fields)

    def cast_ahead(self):
        """Consumes `(type)` if what comes is a cast: only names and stars inside, and an operand behind it."""
        if self.peek()[1] != "(":
            return None
        ahead, words = 1, []
        while self.peek(ahead)[0] == "name" or self.peek(ahead)[1] == "*":
            words.append(self.peek(ahead)[1])
            ahead += 1
        behind = self.peek(ahead + 1)
        if not words or words == ["REC"] or self.peek(ahead)[1] != ")":
            return None
        if behind[0] not in ("name", "number", "string") and behind[1] != "(":
            return None
        self.at += ahead + 1
        return " ".join(words)

    def postfix(self):
        node = self.primary()
        while self.accept("["):
            index = self.expression()
            self.expect("]")
            node = self.element(node, index)
        return node

    @staticmethod
    def element(array, index):
        if array.field is None or not array.field.is_array:
            raise Unsupported("an index into what is no array")
        name = array.field.name
        return Node(number=lambda f: f[name][index.number(f)] & U64, fields=array.fields | index.fields)

    def primary(self):
        kind, text = self.next()
        if kind == "number":
            value = int(text, 16 if text[:2] in ("0x", "0X") else 10)
            return Node(number=lambda f: value)
        if kind == "char":
            value = ord(unescape(text[1:-1]))
            return Node(number=lambda f: value)
        if kind == "string":
            self.at -= 1
            literal = self.string_literal()
            return Node(text=lambda f: literal)
        if text == "(":
            inner = self.expression()
            self.expect(")")
            return inner
        if text == "REC":
            self.expect("->")
            return self.field(self.next()[1])
        if kind == "name" and self.peek()[1] == "(":
            return self.call(text)
        if kind == "name":
            return Node(number=lambda f: 0, is_constant_name=True)
        raise Unsupported(f"cannot read {text!r}")

    def field(self, name):
        field = self.find_field(name)
        mask = (1 << 8 * field.size) - 1
        if field.is_array:
            return Node(text=lambda f: f[name], fields=frozenset([name]), field=field)
        return Node(number=lambda f: f[name] & mask, fields=frozenset([name]), field=field)

    def call(self, function):
        self.expect("(")
        if function == "__get_str":
            node = self.field(self.next()[1])
        elif function in ("__print_symbolic", "__print_flags"):
            value = self.expression()
            self.expect(",")
            flags = function == "__print_flags"
            delimiter = self.string_literal() if flags else None
            if flags:
                self.expect(",")
            node = self.named_value(value, self.names(), delimiter)
        else:
            raise Unsupported(f"{function}()")
        self.expect(")")
        return node

    def names(self):
        """`{ 1, "A" }, { B, "B" }` as [(1, "A"), (-1, "B")]."""
        pairs = []
        while True:
            self.expect("{")
            value = self.expression()
            self.expect(",")
            name = self.expression()
            self.expect("}")
            if name.text:
                pairs.append((-1 if value.is_constant_name else value.number({}), name.text({})))
            if not self.accept(","):
                return pairs

    def named_value(self, value, pairs, delimiter):
        """__print_symbolic (no delimiter) or __print_flags, as perf prints it."""
        def names(number):
            if delimiter is not None:
                return names_of_bits(pairs, number)
            name = next((name for known, name in pairs if known == number), None)
            return ([], number) if name is None else ([name], 0)

        def text(fields):
            number = value.number(fields)
            found, rest = names(number)
            if rest or (delimiter is None and not found):
                found = [*found, f"{rest:#x}"]
            return (delimiter or "").join(found)

        def name(fields):
            found, rest = names(value.number(fields))
            return (delimiter or "").join([*found, f"{rest:#x}"] if rest else found) if found else None

        if value.field is not None:
            self.names_of_fields.setdefault(value.field.name, name)
        return Node(text=text, fields=value.fields)


def names_of_bits(pairs, number):
    """(names, the bits without one). Where no bit is left, perf still prints the first that it cannot know."""
    found = []
    for known, name in pairs:
        if not number and known < 0:
            return [*found, name], 0
        if known > 0 and number & known == known:
            found.append(name)
            number &= ~known
    return found, number
