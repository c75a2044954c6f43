"""What the terminal sends, read as keys."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual import events

from mlops_tui.tui.kit.keyboard import KeyParser, without_alt

PASTE = "\x1b[200~{}\x1b[201~"


def keys_of(*reads: str) -> Sequence[str]:
    """Return what is read, each key by its name, pasted text in brackets."""
    parser = KeyParser()
    read = [event for text in reads for event in parser.feed(text)]
    parser._timeout_time = 0.0 if parser._timeout_time is not None else None
    read += parser.tick()
    return [
        event.key if isinstance(event, events.Key) else f"<{event.text}>"
        for event in read
        if isinstance(event, events.Key | events.Paste)
    ]


@pytest.mark.parametrize(
    ("reads", "keys"),
    [
        (("\x1b2",), ["escape", "2"]),
        (("\x1b", "2"), ["escape", "2"]),
        (("\x1b1\x1b-\x1b=",), ["escape", "1", "escape", "minus", "escape", "equals_sign"]),
        (("\x1bj\x1bG",), ["escape", "j", "escape", "G"]),
        (("\x1b/deep",), ["escape", "slash", "d", "e", "e", "p"]),
        (("\x1bf\x1bb",), ["escape", "f", "escape", "b"]),
        (("\x1b\r",), ["escape", "enter"]),
        (("\x1b\t",), ["escape", "tab"]),
        (("\x1b ",), ["escape", "space"]),
        (("\x1b\x10",), ["escape", "ctrl+p"]),
        (("\x1bé",), ["escape", "é"]),
        (("\x1b[",), ["escape", "left_square_bracket"]),
        (("\x1b]",), ["escape", "right_square_bracket"]),
        (("\x1bO",), ["escape", "O"]),
        (("\x1bOg" + "j" * 40,), ["escape", "O", "g", *"j" * 40]),
        (("\x1b" + "j" * 40,), ["escape", *"j" * 40]),
        (("\x1b2\x1b",), ["escape", "2", "escape"]),
        (("\x1b[\x1b",), ["escape", "left_square_bracket", "escape"]),
        (("\x1b\x1b",), ["escape", "escape"]),
        (("\x1b\x1b[B",), ["escape", "down"]),
        (("\x1b\x7f",), ["ctrl+w"]),
        (("\x1b[A", "\x1b[1;5C", "\x1bOB", "\x1b[Z"), ["up", "ctrl+right", "down", "shift+tab"]),
        (("\x1b[?62;22c", "j"), ["j"]),
        ((PASTE.format("x\x1b2y"),), ["<x\x1b2y>"]),
        ((PASTE.format("one"), "j"), ["<one>", "j"]),
        (("j" + PASTE.format("") + "\x1bk",), ["j", "<>", "escape", "k"]),
    ],
)
def test_alt_is_read_as_escape_before_the_key(reads: Sequence[str], keys: Sequence[str]) -> None:
    assert list(keys_of(*reads)) == list(keys)


@pytest.mark.parametrize("code", ["1114112", "99999999999999999999"])
def test_a_key_of_a_number_that_no_character_has_is_left_out(code: str) -> None:
    assert list(keys_of(f"j\x1b[{code}u", "k")) == ["j", "k"]


@given(st.lists(st.sampled_from(["\x1b", "2", "j", "/", "q", "é"]), max_size=40), st.data())
@settings(max_examples=100, deadline=None)
def test_no_key_is_lost_or_turned_round_however_it_is_read(
    typed: list[str], data: st.DataObject
) -> None:
    text = "".join(typed)
    cut = data.draw(st.integers(0, len(text)))
    names = {"\x1b": "escape", "/": "slash"}
    assert list(keys_of(*filter(None, (text[:cut], text[cut:])))) == [
        names.get(k, k) for k in typed
    ]


@given(st.text(max_size=40), st.integers(0, 60))
@settings(max_examples=100, deadline=None)
def test_pasted_text_is_taken_whole_however_it_is_read(text: str, cut: int) -> None:
    sent = f"j{PASTE.format(text)}k"
    pasted = text.partition("\x1b[201~")[0].replace("\0", "")
    assert list(keys_of(*filter(None, (sent[:cut], sent[cut:]))))[:2] == ["j", f"<{pasted}>"]


@pytest.mark.parametrize(
    ("key", "keys"),
    [
        ("alt+2", ["escape", "2"]),
        ("alt+left", ["escape", "left"]),
        ("alt+shift+a", ["escape", "A"]),
        ("alt+ctrl+p", ["escape", "ctrl+p"]),
        ("ctrl+right", ["ctrl+right"]),
        ("plus", ["plus"]),
    ],
)
def test_a_key_with_alt_is_two_keys(key: str, keys: Sequence[str]) -> None:
    assert [each.key for each in without_alt(events.Key(key, None))] == keys
