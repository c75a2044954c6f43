"""The grammar of the filter of runs.

::

    either     = all, { ("|" | "or"), all }
    all        = term, { ["and"], term }
    term       = { "-" | "not" }, ( "(", either, ")" | leaf )
    leaf       = "has:", field | field, operator, values | [kind, ":"], word
    field      = [kind, ":"], key
    values     = value, { ",", value }
    value      = text | glob | "/", regex, "/" | quoted
"""

import re

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.runs.run_attributes import attribute_name
from mlops_tui.domain.runs.run_filter import tokens
from mlops_tui.domain.runs.run_filter.checks import check_comparison, check_length
from mlops_tui.domain.runs.run_filter.expression import (
    And,
    Comparison,
    Field,
    Form,
    Has,
    Kind,
    Leaf,
    Not,
    Operator,
    Or,
    Term,
    Value,
    Word,
)
from mlops_tui.domain.runs.run_filter.timed_pattern import check_regex

DEEPEST = 50
"""Groups within groups."""


def parse(text: str) -> Term:
    """Return what a filter means; raises ``InvalidInput`` with a sentence on what is wrong."""
    check_length(text)
    parser = _Parser(text)
    if parser.is_done():
        return And()
    term = parser.either()
    if not parser.is_done():
        raise InvalidInput("There is a ) without its (.", "Quote it to look for it.")
    return term


def parse_field(text: str) -> Field:
    """Return the field that a text names; raises ``InvalidInput``."""
    check_length(text)
    parser = _Parser(text.strip())
    field = parser.field(parser.kind(), "")
    if not parser.is_done():
        raise InvalidInput(f"{one_line(text, 60)} is no key.", "Quote it if it has blanks.")
    return field


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0

    def is_done(self) -> bool:
        self._take(tokens.BLANKS)
        return self._at >= len(self._text)

    def either(self) -> Term:
        terms = [self._all()]
        while found := self._take(tokens.OR):
            terms.append(self._all(after=found[0]))
        return terms[0] if len(terms) == 1 else Or(tuple(terms))

    def _all(self, after: str = "") -> Term:
        terms: list[Term] = []
        while not self._ends():
            found = self._take(tokens.AND)
            self._expect_more(found)
            terms.append(self._term())
        if not terms:
            beside = re.compile(r"\w+|\W|$").match(self._text, self._at)
            before = f"before {beside[0]}" if beside and beside[0] else "here"
            raise InvalidInput(f"Something is missing {f'after {after}' if after else before}.")
        return terms[0] if len(terms) == 1 else And(tuple(terms))

    def _ends(self) -> bool:
        return self.is_done() or self._sees(")") or bool(tokens.OR.match(self._text, self._at))

    def _expect_more(self, found: re.Match[str] | None) -> None:
        if found and self._ends():
            raise InvalidInput(f"Something is missing after {found[0]}.")

    def _term(self) -> Term:
        holds = True
        while found := self._take(tokens.NOT):
            self._expect_more(found)
            holds = not holds
        term = self._group() if self._sees("(") else self._leaf()
        return term if holds else Not(term)

    def _group(self) -> Term:
        self._at += 1
        self._depth += 1
        if self._depth > DEEPEST:
            raise InvalidInput("There are too many ( within each other.")
        term = self.either()
        if not self._sees(")"):
            raise InvalidInput("A ( is not closed yet.")
        self._at += 1
        self._depth -= 1
        return term

    def _leaf(self) -> Leaf:
        start = self._at
        if self._take(tokens.HAS):
            return Has(self.field(self.kind(), "has:"), self._since(start))
        kind = self.kind()
        if self._sees("/"):
            return Word(self._regex(), kind, self._since(start))
        key_start = self._at
        field = self.field(kind, self._since(start))
        key_end = self._at
        operator = self._take(tokens.OPERATOR)
        if operator:
            return self._comparison(start, field, operator[0].strip())
        return Word(_word(self._text[key_start:key_end]), kind, self._since(start))

    def kind(self) -> Kind | None:
        found = self._take(tokens.KIND) or self._take(tokens.DOTTED_KIND)
        return Kind(found[1].lower()) if found else None

    def field(self, kind: Kind | None, after: str) -> Field:
        """Read a key, which is also how a word begins."""
        quoted = self._quoted()
        if quoted is not None:
            return Field(quoted, kind)
        found = self._take(tokens.KEY_IN_GROUP if self._depth else tokens.KEY)
        if not found:
            beside = f"after {after}" if after else f"before {self._text[self._at :][:1]}"
            raise InvalidInput(f"A name is missing {beside}.")
        name = attribute_name(found[0]) if kind in (None, Kind.ATTRIBUTE) else None
        return Field(name, Kind.ATTRIBUTE) if name else Field(found[0], kind)

    def _comparison(self, start: int, field: Field, sign: str) -> Comparison:
        operator = tokens.OTHER_SPELLINGS.get(sign) or Operator(sign)
        read = self._pattern if "~" in sign else self._value
        values = [read(self._since(start))]
        while self._take(tokens.COMMA):
            values.append(read(self._since(start)))
        comparison = Comparison(field, operator, tuple(values), self._since(start))
        check_comparison(comparison)
        return comparison

    def _value(self, so_far: str) -> Value:
        if self._sees("/"):
            return self._regex()
        quoted = self._quoted()
        if quoted is not None:
            return Value(quoted, Form.QUOTED)
        return _word(self._bare(tokens.BARE_IN_GROUP if self._depth else tokens.BARE, so_far))

    def _pattern(self, so_far: str) -> Value:
        if self._sees("/"):
            return self._regex()
        quoted = self._quoted()
        everything = tokens.TO_THE_BLANK_IN_GROUP if self._depth else tokens.TO_THE_BLANK
        return _regex(self._bare(everything, so_far) if quoted is None else quoted)

    def _bare(self, pattern: re.Pattern[str], so_far: str) -> str:
        found = self._take(pattern)
        if not found:
            raise InvalidInput(f"A value is missing after {one_line(so_far, 80)}")
        return found[0]

    def _quoted(self) -> str | None:
        """Read what is in quotes, None where there are none."""
        found = self._take(tokens.QUOTED)
        if found:
            return next(filter(None, found.groups()), "")
        if self._text[self._at : self._at + 1] in tokens.QUOTES:
            raise InvalidInput(f"A {self._text[self._at]} is not closed yet.")
        return None

    def _regex(self) -> Value:
        found = self._take(tokens.REGEX)
        if not found:
            shown = one_line(self._text[self._at :], 60)
            raise InvalidInput(f"{shown} is not closed by a / yet.", "Quote it if it is a path.")
        return _regex(found[1])

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self._text, self._at)
        if found:
            self._at = found.end()
        return found

    def _sees(self, character: str) -> bool:
        return self._text.startswith(character, self._at)

    def _since(self, start: int) -> str:
        return self._text[start : self._at].strip()


def _word(written: str) -> Value:
    """Return the value of what was written; wild cards count where there are no quotes."""
    if written[:1] in tokens.QUOTES:
        return Value(written[1:-1], Form.QUOTED)
    return Value(written, Form.GLOB if tokens.WILD.search(written) else Form.PLAIN)


def _regex(text: str) -> Value:
    check_regex(text)
    return Value(text, Form.REGEX)
