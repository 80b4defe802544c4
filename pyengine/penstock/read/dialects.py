"""How the three languages spell an expression: one row each, for one lexer and one parser.

A row holds everything that differs: operators and how tightly they bind, names, quotes, comments and
the words that are never names. Powers only need to be ordered; `^` binds tighter than a sign, so that
``-2^2`` is -4 in all three.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ..expr import Number
from ..model import Ident


@dataclass(frozen=True, slots=True)
class Operator:
    """What an operator means in `expr`, and how tightly it binds; `right` groups from the right."""

    means: str
    power: int
    right: bool = False

    @property
    def yields_to(self) -> int:
        """The least power with which a waiting operator on the left takes the operand between the two."""
        return self.power + self.right


@dataclass(frozen=True, slots=True)
class Refusal:
    """A function of a dialect that is known and refused; `name` is its identifier, or ends with ``_`` and is how those
    of several begin."""

    name: str
    construct: str
    advice: str


@dataclass(frozen=True, slots=True)
class Dialect:
    """One language; texts are patterns, and one that is not given never matches.

    `symbols` are all tokens that are no words. `words` are reserved, but where an operand must stand the
    `soft` ones among them are names. `constants` are words that stand for a number. `macros` are functions
    that the file itself defines, which count before built-in ones.

    The rest is for writers, where what is read leaves a choice: whether words are written in `capitals`, the
    `joint` that stands for a space in a name without quotes, and the forms of a `reduced` subscript and of a
    `conditional` (a function, where it is empty). With `own_in_quotes`, quotes keep a name from being a
    built-in function's. With `named`, an equation may begin with the variable's name and an equals sign.
    """

    key: str
    prefix: Mapping[str, Operator]
    infix: Mapping[str, Operator]
    name: str
    space: str
    comment: tuple[str, str]
    quoted: str
    quote: tuple[str, str]
    symbols: tuple[str, ...]
    words: str = r"(?!)"
    soft: frozenset[str] = frozenset()
    string: str = r"(?!)"
    units: str = r"(?!)"
    constants: Mapping[str, Number] = field(default_factory=dict)
    refused: tuple[Refusal, ...] = ()
    macros: frozenset[Ident] = frozenset()
    capitals: bool = True
    joint: str = " "
    reduced: str = "{}!"
    conditional: tuple[str, str, str] | None = None
    own_in_quotes: bool = False
    named: bool = False
    advice: str = "Write a number, a name or an expression in parentheses here."


_COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")

FOREIGN: Mapping[str, str] = {
    "==": "Equality is written with a single =.",
    "!=": "Write <> for 'not equal'.",
    "**": "Write ^ for a power.",
    "&&": "Write `and` (Vensim: :AND:).",
    "||": "Write `or` (Vensim: :OR:).",
    "%": "Write `mod` (Vensim: MODULO) for a remainder.",
    "???": "This stands for an equation that was not exported; write it out.",
}
"""Operators of other languages, recognised only to say what to write instead."""

_PUNCTUATION = ("(", ")", "[", "]", ",", ";", ":", "!", "+", "-", "*", "/", "^", *_COMPARISONS, *FOREIGN)


def _arithmetic(power: int) -> dict[str, Operator]:
    """Sums and products, from `power` upwards."""
    return {
        "+": Operator("+", power),
        "-": Operator("-", power),
        "*": Operator("*", power + 10),
        "/": Operator("/", power + 10),
        "^": Operator("^", power + 30, right=True),
    }


def _comparisons(*spellings: str, power: int) -> dict[str, Operator]:
    return {spelling: Operator(spelling, power) for spelling in spellings}


_WORD = r"[^\W\d][\w$\u00a1-\U0010ffff]*+"
_NO_BREAK = r'"(?:[^"\\\n]|\\.)*+"'

_NOT_AVAILABLE = {":na:": Number(-(2.0**109))}
"""Vensim's value for what is not available, a number like any other."""

_VENSIM_WORD = r"[\w$'\u00a1-\U0010ffff]++"
_VENSIM_SPACE = r"(?:[\s\u00a0]|\\(?=[ \t]*+\n))"
_VENSIM_NESTED = "{name} takes up a whole equation and cannot stand inside an expression"
_VENSIM_FILES = "Put the values into a .csv or .xlsx file, and read that with GET DIRECT DATA."

MDL = Dialect(
    key="mdl",
    # :NOT: takes in a whole comparison: `:NOT: Time > 5` is `:NOT: (Time > 5)`.
    prefix={"-": Operator("-", 60), "+": Operator("+", 60), ":not:": Operator("not", 30)},
    infix={
        ":or:": Operator("or", 10),
        ":and:": Operator("and", 20),
        **_comparisons(*_COMPARISONS, power=40),
        **_arithmetic(power=45),
    },
    name=rf"(?=[^\d'])(?:{_VENSIM_WORD})(?:{_VENSIM_SPACE}++{_VENSIM_WORD})*+",
    space=rf"{_VENSIM_SPACE}++",
    comment=("{", "}"),
    quoted=_NO_BREAK,
    quote=('"', r"\""),
    symbols=(":=", "<->", "->", *_PUNCTUATION),
    words=r":[A-Za-z][A-Za-z _]*+:",
    string=r"'[^'\n]*+'",
    constants=_NOT_AVAILABLE,
    refused=(
        Refusal("integ", _VENSIM_NESTED, "Give the stock a variable of its own."),
        Refusal("active_initial", _VENSIM_NESTED, "Give it a variable of its own."),
        Refusal("with_lookup", _VENSIM_NESTED, "Give it a variable of its own."),
        Refusal("a_function_of", "the placeholder {name}", "Replace it by the equation that it stands for."),
        Refusal("tabbed_array", _VENSIM_NESTED, "Give the table a variable of its own."),
        *(
            Refusal(f"get_{origin}_", _VENSIM_NESTED, "Give the values a variable of their own.")
            for origin in ("direct", "xls")
        ),
        Refusal("delayp", "{name}", "Use DELAY3, and a stock of what went in and has not come out."),
        *(Refusal(f"get_{origin}_", "{name}", _VENSIM_FILES) for origin in ("123", "vdf", "odbc")),
    ),
)
"""Vensim's equations: names hold spaces, and line ends after a backslash; reserved are ``:LIKE THIS:``."""

XMILE = Dialect(
    key="xmile",
    # The standard puts NOT beside the signs: `NOT a = b` is `(NOT a) = b`.
    prefix={"-": Operator("-", 60), "+": Operator("+", 60), "not": Operator("not", 60)},
    infix={
        "or": Operator("or", 10),
        "and": Operator("and", 20),
        **_comparisons("=", "<>", power=30),
        **_comparisons("<", "<=", ">", ">=", power=40),
        **_arithmetic(power=45),
        "mod": Operator("mod", 55),
    },
    name=rf"\.?+{_WORD}(?:\.{_WORD})*+",
    space=r"[\s\u00a0]++",
    comment=("{", "}"),
    quoted=r'"(?:[^"\\]|\\.)*+"',
    quote=('"', r"\""),
    symbols=_PUNCTUATION,
    words=r"(?i:and|or|not|mod|if|then|else)(?![\w$.])",
    soft=frozenset({"mod"}),
    joint="_",
    reduced="*:{}",
    conditional=("IF", "THEN", "ELSE"),
    advice="Write a number, a name or an expression in parentheses here; names with spaces take underscores.",
)
"""XMILE 1.0, section 3: one word a name, everything without regard to case."""

XMILE_ISEE = replace(XMILE, key="xmile_isee")
"""XMILE as Stella writes it: names that others have given to functions of their own stand for its own."""

XMILE_VENSIM = replace(XMILE, key="xmile_vensim")
"""XMILE as converters from Vensim write it: some names stand for Vensim's functions."""

XMILE_VENTANA = replace(XMILE, key="xmile_ventana", named=True)
"""XMILE as Vensim itself exports it: nearly all functions are those of its own language."""

_VENDOR = re.compile(r"<(?:\w+:)?vendor>([^<]*)")
_NAMESPACE = re.compile(r"<(?:\w+:)?options\b[^>]*?\bnamespace\s*=\s*[\"']([^\"']*)")


def xmile_of(vendor: str, namespace: str) -> Dialect:
    """XMILE as a file's maker uses names, by the vendor and the option `namespace` that its header gives."""
    vendor = vendor.strip().casefold()
    if vendor.startswith("ventana"):
        return XMILE_VENSIM if "xmutil" in vendor else XMILE_VENTANA
    if namespace.strip().casefold().startswith("vensim"):
        return XMILE_VENSIM
    return XMILE_ISEE if vendor.startswith("isee") else XMILE


def xmile_in(text: str) -> Dialect:
    """The same for the text of a file."""
    vendor, namespace = (
        found[1] if found else "" for found in (_VENDOR.search(text), _NAMESPACE.search(text))
    )
    return xmile_of(vendor, namespace)


_PEN_KEYWORDS = "and|or|not|mod|if|then|else"
_PEN_CLAUSES = "initially|slider"
_PEN_TIME = "to|by|save every|using"


def _pen(key: str, reserved: str) -> Dialect:
    """Penstock's own language with a set of reserved words, which end a name."""
    word = rf"(?!(?i:{reserved})(?![\w$']))[\w$'\u00a1-\U0010ffff]++"
    return Dialect(
        key=key,
        prefix={"-": Operator("-", 60), "+": Operator("+", 60), "not": Operator("not", 25)},
        infix={
            "or": Operator("or", 10),
            "and": Operator("and", 20),
            **_comparisons(*_COMPARISONS, power=40),
            **_arithmetic(power=45),
            "mod": Operator("mod", 55),
        },
        name=rf"(?=[^\d']){word}(?:(?:[ \t]++|\.){word})*+",
        space=r"\s++",
        comment=("#", "\n"),
        quoted=r"`(?:[^`\n]|``)*+`",
        quote=("`", "``"),
        symbols=("->", "<->", "?", *_PUNCTUATION),
        words=rf"(?i:{reserved})(?![\w$'])|(?i::na:)",
        string=_NO_BREAK,
        units=r"\{(?:[^{}\\\n]|\\.)*+\}",
        constants=_NOT_AVAILABLE,
        capitals=False,
        conditional=("if", "then", "else"),
        own_in_quotes=True,
    )


PEN = _pen("pen", f"{_PEN_KEYWORDS}|{_PEN_CLAUSES}")
"""Penstock's own text: names hold spaces and end at a reserved word."""

PEN_TIME = _pen("pen_time", f"{_PEN_KEYWORDS}|{_PEN_CLAUSES}|{_PEN_TIME}")
"""The same within `time` and `slider` clauses, which have reserved words of their own."""


DIALECTS: Mapping[str, Dialect] = {
    dialect.key: dialect for dialect in (MDL, XMILE, XMILE_ISEE, XMILE_VENSIM, XMILE_VENTANA, PEN, PEN_TIME)
}


def unquote(dialect: Dialect, text: str) -> str:
    """The name inside its quotes."""
    mark, escaped = dialect.quote
    return plain(text[1:-1].replace(escaped, mark))


_BREAKS = re.compile(r"(?:\s|\u00a0|\\n|\\(?=\s*\n))+")


def plain(name: str) -> str:
    """A name on one line: runs of white space, line ends and their escapes become one space."""
    return _BREAKS.sub(" ", name).strip() if not name.isalnum() else name
