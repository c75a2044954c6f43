"""Secrets of any kind, in the ways in which programs write them."""

import json
import shlex
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mlops_tui.domain.processes.running_process import without_secrets
from mlops_tui.domain.secrets import looks_secret, without_named

SIGNS = "abcxyzAXZ019!#$%&()*+,-./:;<=>?@[]^_{|}~'\"\\`"
"""Signs of generated secrets: all that hurt, and few others."""

NAMES = (
    *("password", "PGPASSWORD", "db_passwd", "dbPassword", "api_key", "API-KEY", "openaiApiKey"),
    *("HF_TOKEN", "accessToken", "token", "token_1", "client_secret", "SecretString", "AccountKey"),
    *("aws_secret_access_key", "credentials", "passphrase", "MYSQL_PWD", "X-Auth-Token"),
)

WAYS: dict[str, Callable[[str, str], str]] = {
    "JSON": lambda name, value: json.dumps({"a": "b c", name: value, "lr": 0.1}),
    "compact JSON": lambda name, value: json.dumps(
        {"url": "http://h/x", name: value, "b": "c"}, separators=(",", ":")
    ),
    "JSON in JSON": lambda name, value: json.dumps(json.dumps({name: value, "lr": 0.1})),
    "a list in JSON": lambda name, value: json.dumps({name: ["x", value]}),
    "repr of a dict": lambda name, value: repr({name: value, "lr": 0.1}),
    "repr of bytes": lambda name, value: repr({name.encode(): value.encode()}),
    "a call": lambda name, value: f"connect(user='a', {name}={value!r}, timeout=3)",
    "an annotated default": lambda name, value: f"def f({name}: str = {value!r}) -> None:",
    "an item": lambda name, value: f"os.environ[{name!r}] = {value!r}",
    "a shell's assignment": lambda name, value: f"export {name}={shlex.quote(value)} LR=0.1",
    "an option": lambda name, value: f"train.py --{name} {shlex.quote(value)} --lr 0.1",
    "an option with =": lambda name, value: f"train.py --{name}={shlex.quote(value)} --lr 0.1",
    "words of a command": lambda name, value: f"Command {['train.py', f'--{name}', value]} failed",
    "YAML": lambda name, value: f"db:\n  {name}: {json.dumps(value)}\n  lr: 0.1",
}
"""How a name and its value are written, so that a reader gets the value back."""

BARE_WAYS: dict[str, Callable[[str, str], str]] = {
    "an environment": lambda name, value: f"{name}={value}\nLR=0.1",
    "a header": lambda name, value: f"X-{name}: {value}",
    "a setting": lambda name, value: f"{name} = {value}",
    "a connection": lambda name, value: f"host=db;{name}={value}",
}
"""The same without quotes: a value that begins with one would be read otherwise."""

WITHOUT_NAME: dict[str, Callable[[str], str]] = {
    "user in an address": lambda value: f"see http://ann:{value}@host:5000/x, then",
    "database": lambda value: f'open("postgresql+psycopg2://ann:{quote(value, safe="")}@db/ml")',
    "Azure": lambda value: f"https://a.blob.core.windows.net/c?sv=1&sig={quote(value)}&se=2",
    "presigned": lambda value: f"url: /b/k?X-Amz-Date=1&X-Amz-Signature={quote(value)} (Caused)",
    "bearer": lambda value: f"> Authorization: Bearer {value}",
    "scheme of its own": lambda value: f"{{'Authorization': {f'Token {value}'!r}, 'a': 1}}",
    "words of curl": lambda value: f"curl -H 'Authorization: Bearer {value}'",
    "header as a pair": lambda value: f"[('authorization', {f'Bearer {value}'!r})]",
    "digest": lambda value: f'Authorization: Digest username="ann", response="{value}"',
    "cookie": lambda value: f'Set-Cookie: session={value}; Path="/"',
}

secrets = st.text(SIGNS, min_size=8, max_size=14)


def assert_hidden(value: str, text: str) -> None:
    shown = without_named(text)
    assert "***" in shown
    for start in range(len(value) - 4):
        part = value[start : start + 5]
        assert part not in shown or part in text.replace(value, ""), shown


@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=100, deadline=None)
@given(name=st.sampled_from(NAMES), value=secrets)
@example("password", "with blanks in it")
def test_a_named_secret_is_hidden_however_it_is_written(way: str, name: str, value: str) -> None:
    if way.startswith("an option") and value.startswith("-"):
        return
    text = WAYS[way](name, value)
    assert_hidden(value, text)
    assert without_named(without_named(text)) == without_named(text)


@pytest.mark.parametrize("way", BARE_WAYS)
@settings(max_examples=100, deadline=None)
@given(name=st.sampled_from(NAMES), value=secrets)
def test_a_named_secret_without_quotes_is_hidden(way: str, name: str, value: str) -> None:
    if value.lstrip("\\")[:1] not in ("'", '"', "`", "[", "(", "{", "=", ">"):
        assert_hidden(value, BARE_WAYS[way](name, value))


@pytest.mark.parametrize("way", WITHOUT_NAME)
@settings(max_examples=100, deadline=None)
@given(value=secrets)
def test_a_secret_is_known_by_its_place(way: str, value: str) -> None:
    assert_hidden(value, WITHOUT_NAME[way](value))


@settings(max_examples=100, deadline=None)
@given(name=st.sampled_from(NAMES), value=secrets, form=st.sampled_from(("two", "=", "env", "is")))
def test_no_word_of_a_command_holds_a_secret(name: str, value: str, form: str) -> None:
    if form == "two" and value.startswith("--"):
        return
    words = {
        "two": ["--lr", "1", f"--{name}", value, "--out", "x"],
        "=": ["--lr", "1", f"--{name}={value}", "--out", "x"],
        "env": ["--env", f"{name}={value}", "--out", "x"],
        "is": [f"{name}:", value, "--out", "x"],
    }[form]
    shown = without_secrets(words)
    assert value not in " ".join(shown)
    assert shown[-2:] == ("--out", "x")


@pytest.mark.parametrize("name", NAMES)
def test_a_variable_of_such_a_name_looks_secret(name: str) -> None:
    assert looks_secret(name)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([*NAMES, *SIGNS, "=", ": ", "'", '"', "\n", "http://", " "])))
def test_any_text_can_be_looked_through(parts: list[str]) -> None:
    without_named("".join(parts))
