"""Names that secrets go by, and secrets inside of texts."""

import re
from collections.abc import Mapping
from urllib.parse import quote

from mlops_tui.domain.store import redact_addresses

SECRET = re.compile(
    r"(?i)(?:token|api_?-?keys?|passw(?:or)?ds?|passphrases?|pwds?|secrets?|credentials?|creds)"
    r"\d*(?![a-z0-9])|(?<![a-z0-9])(?:keys?|auths?|pass)(?![a-z0-9])"
)
"""Tokens, however, are what a language model counts."""

INNER_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z][a-z])")
"""Where another word begins in ``accessToken``."""

DIRECTORIES = frozenset({"PWD", "OLDPWD"})
"""Variables of the shell that sound like secrets."""

NAME = r"""
    (?: (?: token | (?:api|access|account|encryption|private|secret|signing)[ _-]?keys?
            | passw(?:or)?ds? | passphrases? | pwd | secrets? | credentials? | creds )
        (?-i: \d* (?![a-z]) (?! (?<=[A-Z])[A-Z]) ) (?! \w*(?:Error|Exception|Warning)\b)
        [\w.-]{0,40}
      | (?<![a-z0-9])(?:auth|pass) (?![\w.-]) )
"""
"""The name of a secret in a text, where a plain ``key`` is often none."""


def _quoted(group: str) -> str:
    r"""Return the pattern of a quoted text; its quotes may be escaped, as in ``\"x\"``.

    One without an end goes to the end of its line. ``group`` is the name of the group for quotes.
    """
    return rf"""
        [bru]{{0,2}} (?P<{group}> \\*["'`] ) (?: (?! (?<!\\)(?P={group}) ) [^\n] )*
        (?: (?P={group}) | (?=\n) | \Z )
    """


def _value(group: str) -> str:
    """Return the pattern of what stands behind the name of a secret.

    A value without quotes ends at a blank. It takes along what else is written to it without one.
    """
    bare = rf"""
        (?: [=:] {_quoted(group + "1")} | \S )+
        (?: (?<=[=:]) [ \t]{{1,3}} (?: {_quoted(group + "2")} | \S+ ) )?
    """
    return rf"""
        (?: (?: (?: {_quoted(group + "3")} )+
              | \[ (?: {_quoted(group + "4")} | [^\]\n] )* \]?
              | \( (?: {_quoted(group + "5")} | [^)\n] )* \)?
              | \{{ (?: {_quoted(group + "6")} | [^}}\n] )* \}}? )
            (?: (?= [^\s,;:)\]}}] ) \S+ )?
          | {bare} )
    """


ALREADY = r"""\*\*\* (?! [^\s,;:)\]}"'`&@] )"""
"""What is hidden already."""

NAMED = re.compile(
    rf"""(?ix)
    (?P<name> {NAME} (?: \\*["'`] )? [\])]? [ \t]{{0,3}} (?: =>? | :=? | == ) [ \t]{{0,3}}+ )
    (?! {ALREADY} | expected[ ] | not[ ]allowed[ ] | unbound[ ]variable
      | (?: None | null | True | False ) (?: [\s,;)\]}}] | \Z ) )
    {_value("a")} (?: [ \t]{{0,3}} = [ \t]{{0,3}} {_value("b")} )?
    """
)
"""A secret behind its name; not what argparse and shells say of it, nor that there is none."""

OPTION = re.compile(
    rf"""(?ix)
    (?P<name> (?<![\w-]) --? [\w.-]{{0,40}}? {NAME}
      (?: [ \t]{{1,3}}+ (?! --?[a-z] ) | \\*["'`],[ \t]{{0,3}} (?= \\*["'`] ) ) )
    (?! {ALREADY} ) {_value("a")}
    """
)
"""A secret behind an option, on a command line or in a list of its words."""

HEADER = re.compile(
    rf"""(?ix)
    (?P<name> (?: authorization | cookie ) (?: \\*["'`] )? [ \t]{{0,3}} [=:,] [ \t]{{0,3}}+ )
    (?! {ALREADY} ) (?: {_quoted("a")} | [^\n]+ )
    """
)
"""A header of HTTP whose value may have several words."""

QUERY = re.compile(r"""(?i)(?P<name>[?&;](?:\w*sig(?:nature)?|x-(?:amz|goog)-[\w-]+)=)[^\s&"']+""")
"""A signature in an address without its beginning."""

USER = re.compile(r"(?x) (?P<name> \w[\w+.-]{0,40}: (?: // | (?=\*{3}) ) ) \S{1,300} (?=@)")
"""User and password of an address, where quotes in them keep it from being taken for one."""

KNOWN = re.compile(
    r"""(?x)
    (?P<name>) (?:
      -----BEGIN[ ][A-Z ]*PRIVATE[ ]KEY-----(?s:.*?)(?:-----END[ ][A-Z ]*PRIVATE[ ]KEY-----|\Z)
    | (?<![\w-]) (?: (?:AKIA|ASIA)[0-9A-Z]{16} | gh[opsru]_\w{20,} | github_pat_\w{20,}
        | glpat-[\w-]{16,} | hf_[A-Za-z0-9]{16,} | sk-(?=[\w-]*\d)[\w-]{20,} | xox[a-z]-[\w-]{10,}
        | dapi[0-9a-f]{32} | AIza[\w-]{30,} | eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]* )
    | \b(?:[Bb]earer|[Bb]asic)[ ]+(?=[^\s"']*\d)[^\s"']{8,} )
    """
)
"""What is a secret by its looks: keys and tokens of well-known makers."""

SHORTEST = 8
"""Characters of a variable's value that is looked for in texts; shorter ones are often words."""

EXPOSED = "others on this machine see it: better a variable"
"""Of a secret that goes on a command line."""

HIDDEN = "***"
"""What stands in the place of a secret."""


def looks_secret(name: str) -> bool:
    """Return whether a thing of this name is likely to be a secret."""
    return name not in DIRECTORIES and SECRET.search(INNER_WORD.sub("_", name)) is not None


def without_named(text: str) -> str:
    """Return a text in which what is named as a secret, or stands in an address, is hidden.

    It has to be given the whole text: a secret that is cut may lack what it is known by.
    """
    text = redact_addresses(text)
    for pattern in (HEADER, NAMED, OPTION, QUERY, USER, KNOWN):
        text = pattern.sub(rf"\g<name>{HIDDEN}", text)
    return text


def secret_values(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the values of variables that are likely to be secrets, the longest first.

    Of a value of several lines it is the lines; a value is there as addresses have it, too.
    """
    lines = {
        line.strip()
        for name, value in environ.items()
        if looks_secret(name)
        for line in value.splitlines()
    }
    values = lines | {quote(line, safe="") for line in lines}
    return tuple(sorted((v for v in values if len(v) >= SHORTEST), key=len, reverse=True))
