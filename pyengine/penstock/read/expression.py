"""Tokens into expressions, for any dialect: one operator-precedence parser, driven by the dialect's row.

Operators wait on a stack of their own, so neither ``1+1+…`` nor ``-----1`` recurses; only parentheses,
calls, subscripts and ``if`` do. Trees come out at most `MAX_HEIGHT` high, which later passes rely on:
they may recurse over a tree with two Python frames a level.
"""

from __future__ import annotations

from math import inf, isfinite
from typing import NamedTuple

from ..builtins import spellings
from ..errors import PenstockError, error
from ..expr import ArrayLiteral, Binary, Call, Expr, Number, Reference, Subscript, Unary
from ..model import canonical
from ..place import Span
from .dialects import FOREIGN, Dialect, Operator
from .lexer import EXPRESSION, Passage, Token, tokenize

MAX_NESTING = 200
"""Parentheses, calls, subscripts and conditionals within one another."""

MAX_HEIGHT = 400
"""Levels of the tree, which a flat chain of n operators has n of."""

_NO_SIGNS = str.maketrans("", "", "()\\")
"""Leaves the numbers of points, with commas and white space between them."""

_CLOSES = {")": ("the parenthesis", "("), "]": ("the bracket", "["), "}": ("the brace", "{")}


class _Operand(NamedTuple):
    """A finished part: `start` and `end` take in parentheses that its own span does not know."""

    expr: Expr
    height: int
    start: int
    end: int


class Parser:
    """A cursor over one passage's tokens, with the productions that all dialects share.

    With `points`, several points in a row may be one token, for productions that take it.
    """

    def __init__(self, text: Passage, dialect: Dialect, points: bool = False) -> None:
        self.passage = text
        self.dialect = dialect
        self.tokens = tokenize(text, dialect, points)
        self.at = 0
        self.token = self.tokens[0]
        self._functions = spellings(dialect.key)
        self._height = 0
        self._depth = 0

    # The cursor.

    def advance(self) -> Token:
        """Pass the current token, and return it."""
        passed = self.token
        if passed.kind != "end":
            self.at += 1
            self.token = self.tokens[self.at]
        return passed

    def accept(self, kind: str) -> bool:
        if self.token.kind != kind:
            return False
        self.advance()
        return True

    def expect(self, kind: str, expected: str | None = None, advice: str = "") -> Token:
        if self.token.kind != kind:
            raise self.unexpected(expected or kind, advice)
        return self.advance()

    def close(self, closing: str, opened: Token, alternative: str = "") -> Token:
        """Pass a closing bracket; where the passage ends instead, the error points at the opening one."""
        if self.token.kind == "end":
            what = _CLOSES[closing][0]
            raise error("PEN103", self.span_of(opened), what=what, closing=closing)
        return self.expect(closing, f"{alternative}{closing}")

    def peek(self, ahead: int = 1) -> str:
        """The kind of a token further on."""
        return self.tokens[min(self.at + ahead, len(self.tokens) - 1)].kind

    def sees(self, kind: str) -> bool:
        """Whether such a token is still to come."""
        return any(token.kind == kind for token in self.tokens[self.at :])

    def span_of(self, first: Token, last: Token | None = None) -> Span:
        return self.passage.span(first.start, (last or first).end)

    def since(self, first: Token) -> Span:
        """From a token to the one passed last."""
        return self.passage.span(first.start, self.tokens[max(self.at - 1, 0)].end)

    def unexpected(self, expected: str, advice: str = "") -> PenstockError:
        token = self.token
        found = "the end" if token.kind == "end" else token.text
        advice = FOREIGN.get(token.kind) or advice or self.dialect.advice
        return error("PEN101", self.span_of(token), expected=expected, found=_short(found), advice=advice)

    def finish(self, what: str = "the end of the equation") -> None:
        """Require that nothing is left."""
        if self.token.kind != "end":
            advice = FOREIGN.get(self.token.kind, "Remove what follows, or join it with an operator.")
            raise self.unexpected(f"an operator or {what}", advice)

    # Expressions.

    def whole(self) -> Expr:
        """The passage as one expression."""
        expr = self.expression()
        self.finish()
        return expr

    def expression(self) -> Expr:
        """An expression as long as it goes on."""
        prefix, infix = self.dialect.prefix, self.dialect.infix
        operands: list[_Operand] = []
        waiting: list[tuple[Operator, Token, bool]] = []
        while True:
            while operator := prefix.get(self.token.kind):
                waiting.append((operator, self.advance(), True))
            first = self.token
            expr = self._named() if first.kind == "name" else self._operand()
            operands.append(_Operand(expr, self._height, first.start, self.tokens[self.at - 1].end))
            operator = infix.get(self.token.kind)
            yields_to = operator.yields_to if operator else 0
            while waiting and waiting[-1][0].power >= yields_to:
                operands.append(self._apply(*waiting.pop(), operands))
            if operator is None:
                self._height = operands[0].height
                return operands[0].expr
            waiting.append((operator, self.advance(), False))

    def _apply(self, operator: Operator, token: Token, unary: bool, operands: list[_Operand]) -> _Operand:
        """Take the operands of an operator off the stack, and return what they make."""
        right = operands.pop()
        left = None if unary else operands.pop()
        start = left.start if left else token.start
        height = 1 + (max(left.height, right.height) if left else right.height)
        if height > MAX_HEIGHT:
            raise error("PEN107", self.span_of(token), limit=MAX_HEIGHT)
        span = self.passage.span(start, right.end)
        expr: Expr
        if left:
            expr = Binary(operator.means, left.expr, right.expr, span)
        else:
            expr = Unary(operator.means, right.expr, span)
        return _Operand(expr, height, start, right.end)

    def _operand(self) -> Expr:
        """A number, a conditional or an expression in parentheses; names have been seen to."""
        token = self.token
        self._height = 1
        match token.kind:
            case "number":
                self.advance()
                return Number(self._value(token), self.span_of(token))
            case "(":
                self.advance()
                self._enter(token)
                expr = self.expression()
                self._depth -= 1
                self.close(")", token, "an operator or ")
                return expr
            case "if":
                return self._conditional()
            case kind if kind in self.dialect.constants:
                self.advance()
                return Number(self.dialect.constants[kind].value, self.span_of(token))
        if token.kind in self.dialect.soft:
            return self._named()
        raise self.unexpected(EXPRESSION)

    def _enter(self, token: Token) -> None:
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise error("PEN102", self.span_of(token), limit=MAX_NESTING)

    def _value(self, token: Token) -> float:
        value = float(token.text)
        if value == inf:
            raise error("PEN104", self.span_of(token), text=_short(token.text))
        return value

    def _conditional(self) -> Expr:
        """``if c then a else b``; the else part takes in all that follows."""
        first = self.advance()
        self._enter(first)
        parts = [self.expression()]
        height = self._height
        for word in ("then", "else"):
            self.expect(word, f"an operator or {word}", "Write both values: if a then b else c.")
            parts.append(self.expression())
            height = max(height, self._height)
        self._depth -= 1
        self._height = height + 1
        return Call("if_then_else", tuple(parts), (), self.since(first))

    def _named(self) -> Expr:
        """A reference, or with an argument list a call; subscripts come before either."""
        name = self._name()
        subscripts: tuple[Subscript, ...] = ()
        height = 0
        if self.token.kind == "[":
            subscripts = self.subscripts()
            height = self._height
        if self.token.kind != "(":
            self._height = height + 1
            return Reference(name.text, subscripts, self.since(name))
        function = name.text if subscripts else self._function(name)
        arguments, outputs = self._arguments(canonical(name.text) in self.dialect.macros)
        self._height = max(height, self._height) + 1
        return Call(function, arguments, subscripts, self.since(name), outputs)

    def _name(self) -> Token:
        """A name; before an argument list it may have spaces in dialects that have them nowhere else."""
        name = self.advance()
        end = self.at
        while self.tokens[end].kind == "name":
            end += 1
        if end == self.at or self.tokens[end].kind != "(":
            return name
        words = [name, *self.tokens[self.at : end]]
        while self.at < end:
            self.advance()
        return Token("name", " ".join(word.text for word in words), name.start, words[-1].end)

    def _function(self, name: Token) -> str:
        """The canonical name of a function where the dialect has one, else the name as written."""
        ident = canonical(name.text)
        quoted = self.passage.text.startswith(self.dialect.quote[0], name.start)
        if ident in self.dialect.macros or (quoted and self.dialect.own_in_quotes):
            return name.text
        if ident in self._functions:
            return self._functions[ident]
        self.refuse(name)
        return name.text

    def refuse(self, name: Token) -> None:
        """Raise what the dialect says of a function that it knows and Penstock does not."""
        ident = canonical(name.text)
        for row in self.dialect.refused:
            if ident == row.name or (row.name.endswith("_") and ident.startswith(row.name)):
                construct = row.construct.format(name=name.text)
                raise error("PEN401", self.span_of(name), construct=construct, advice=row.advice)

    def _arguments(self, of_macro: bool) -> tuple[tuple[Expr, ...], tuple[str, ...]]:
        """``(a, b)``, or for a macro also ``(a, b : c, d)`` with names for its further outputs."""
        opened = self.advance()
        self._enter(opened)
        arguments: list[Expr] = []
        height = 0
        if self.token.kind != ")":
            while True:
                arguments.append(self.expression())
                height = max(height, self._height)
                if not self.accept(","):
                    break
        self._depth -= 1
        self._height = height
        outputs: list[str] = []
        while of_macro and self.token.kind == ("," if outputs else ":"):
            self.advance()
            output = self.expect("name", "the name of an output")
            outputs.append(output.text)
            if self.token.kind == "[":
                advice = "Write its name alone: it has the dimensions of the equation."
                construct = f"the output {output.text} of a macro with subscripts"
                raise error("PEN401", self.span_of(output), construct=construct, advice=advice)
        self.close(")", opened, "an operator, a comma or ")
        return tuple(arguments), tuple(outputs)

    def subscripts(self) -> tuple[Subscript, ...]:
        """``[a, b!, *]``; in XMILE a subscript may be any expression, and ``*:b`` is Vensim's ``b!``."""
        opened = self.expect("[")
        self._enter(opened)
        found: list[Subscript] = []
        height = 0
        while True:
            first = self.token
            self._height = 0
            index = None if (plain := self._plain_subscript()) else self.expression()
            found.append(plain or Subscript(index=index, span=self.since(first)))
            height = max(height, self._height)
            if not self.accept(","):
                break
        self._depth -= 1
        self._height = height
        self.close("]", opened, "a comma or ")
        return tuple(found)

    def _plain_subscript(self) -> Subscript | None:
        """A subscript that is a name or a star; None where it is an expression."""
        token = self.token
        if token.kind in ("name", "*") and self.peek() in (",", "]"):
            self.advance()
            return Subscript(token.text, span=self.span_of(token))
        if token.kind == "name" and self.peek() == "!":
            self.advance()
            self.advance()
            return Subscript(token.text, reduced=True, span=self.since(token))
        if token.kind == "*" and self.peek() == ":":
            self.advance()
            self.advance()
            name = self.expect("name", "the name of a dimension")
            return Subscript(name.text, reduced=True, span=self.since(token))
        return None

    def array(self, first: Expr, *ends: str) -> ArrayLiteral:
        """The rest of ``a, b; c, d;``, `first` already read; the last separator may stand before an end."""
        elements = [first]
        while self.token.kind in (",", ";"):
            self.advance()
            if self.token.kind in ("end", *ends):
                break
            elements.append(self.expression())
        return ArrayLiteral(tuple(elements), first.span.to(elements[-1].span))

    # Parts of declarations.

    def names(self) -> tuple[str, ...]:
        """``[a, b]`` with names only, as on the left of an equation."""
        opened = self.expect("[")
        found = [self.expect("name", "the name of a dimension or an element").text]
        while self.accept(","):
            found.append(self.expect("name", "the name of a dimension or an element").text)
        self.close("]", opened, "a comma or ")
        return tuple(found)

    def signed_number(self) -> float:
        """A number with an optional sign."""
        sign = 1.0
        if self.token.kind in ("+", "-"):
            sign = -1.0 if self.advance().kind == "-" else 1.0
        if self.token.kind == "number":
            return sign * self._value(self.advance())
        raise self.unexpected("a number", "Write it as 12, 0.5 or 1e-3.")

    def point(self) -> tuple[float, float]:
        """``(x, y)``"""
        opened = self.expect("(", "a point (x, y)")
        x = self.signed_number()
        self.expect(",", "a comma")
        y = self.signed_number()
        self.close(")", opened)
        return x, y

    def points(self) -> tuple[list[float], list[float]]:
        """The x and the y of one or more points with commas between them."""
        x: list[float] = []
        y: list[float] = []
        while True:
            if self.token.kind == "points":
                numbers = [float(text) for text in self.token.text.translate(_NO_SIGNS).split(",")]
                if not all(map(isfinite, numbers)):
                    raise self.unexpected("finite numbers")
                self.advance()
                x += numbers[::2]
                y += numbers[1::2]
            else:
                one = self.point()
                x.append(one[0])
                y.append(one[1])
            if not self.accept(","):
                return x, y


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"
