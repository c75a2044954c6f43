"""What the filter of runs is written with."""

import re

from mlops_tui.domain.runs.run_filter.expression import Operator

BLANKS = re.compile(r"\s*")
OR = re.compile(r"\||or(?=[\s(]|$)", re.IGNORECASE)
AND = re.compile(r"and(?=[\s(]|$)", re.IGNORECASE)
NOT = re.compile(r"-|not(?=[\s(]|$)", re.IGNORECASE)

KIND = re.compile(r"(metric|param|tag|attribute)s?:", re.IGNORECASE)
DOTTED_KIND = re.compile(
    r"(metric|param|tag|attribute)s?\.(?=(?:`[^`]*`|[^\s=<>!~:]+)\s*[=<>!~])", re.IGNORECASE
)
"""As MLflow writes it."""

HAS = re.compile(r"has:", re.IGNORECASE)
QUOTED = re.compile(r"\"([^\"]*)\"|'([^']*)'|`([^`]*)`")
QUOTES = ("'", '"', "`")
REGEX = re.compile(r"/((?:\\.|[^\\])+?)/(?=[\s,|)]|$)")

OPERATOR = re.compile(r"\s*(!=|!~|>=|<=|==|=~|=|>|<|~)\s*|:")
OTHER_SPELLINGS = {
    "==": Operator.IS,
    "=~": Operator.IS,
    "~": Operator.IS,
    "!~": Operator.IS_NOT,
}
"""Of operators; those with ``~`` are followed by a regular expression."""

COMMA = re.compile(r",\s*")

# A ) ends what stands in a group, but may be part of a word outside of one.
KEY = re.compile(r"(?:[^\s|=<>!~:]|!(?![=~]))+")
KEY_IN_GROUP = re.compile(r"(?:[^\s|=<>!~:()]|!(?![=~]))+")
BARE = re.compile(r"(?:\[[^\]]*\]|\{[^}]*\}|[^\s,|])+")
BARE_IN_GROUP = re.compile(r"(?:\[[^\]]*\]|\{[^}]*\}|[^\s,|()])+")
TO_THE_BLANK = re.compile(r"\S+")
TO_THE_BLANK_IN_GROUP = re.compile(r"[^\s)]+")

WILD = re.compile(r"[*?]")
