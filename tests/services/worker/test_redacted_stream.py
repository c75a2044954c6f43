"""What libraries print, without secrets."""

import io
import logging
import warnings
from itertools import cycle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlops_tui.services.worker.redacted_stream import RedactedStream


def test_what_libraries_print_holds_no_secret_however_it_is_cut(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", "pa55word")
    plain = io.StringIO()
    stream = RedactedStream(plain)
    for part in ("retrying http://ann:pa", "55word@host", "/x\nsaid pa55word, ", "\x1b[2J"):
        stream.write(part)
    assert plain.getvalue() == "retrying http://***@host/x\n"
    print("and no more", file=stream, flush=True)
    assert plain.getvalue().endswith("said ***, and no more\n")
    assert not stream.isatty()


def test_logged_tracebacks_and_warnings_pass_through_it(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = io.StringIO()
    monkeypatch.setattr("sys.stderr", RedactedStream(plain))
    logger = logging.getLogger("of a library")
    handler = logging.StreamHandler()
    logger.addHandler(handler)
    try:
        int("mysql://ann:hu5h@db/ml?ssl_key=hu5h")
    except ValueError:
        logger.exception("retry %s", {"Authorization": "Basic hu5h"})
    logger.removeHandler(handler)
    with warnings.catch_warnings():
        warnings.resetwarnings()
        warnings.showwarning("https://u:hu5h@host is unsafe", UserWarning, "x.py", 1)
    assert "hu5h" not in plain.getvalue()
    assert plain.getvalue().count("://***@") == 2


def test_a_line_without_an_end_is_not_kept_for_ever() -> None:
    plain = io.StringIO()
    stream = RedactedStream(plain)
    for _ in range(10):
        stream.write("\r50 %" + "#" * 1000)
    assert plain.getvalue()


SECRETS = ("pa55word-of-the-server", "two words 77", "line-one-8888\nline-two-9999")
SAID = (
    "retry http://ann:{} @host ",
    "said {}, ",
    '"password": "hu5hhu5h with blanks" ',
    "--api-key hu5hhu5h ",
    "x" * 3000 + " ",
    "50 %\r",
    "\n",
    " fine ",
)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(SAID), st.sampled_from(SECRETS)), max_size=12),
    st.lists(st.integers(1, 5000), min_size=1),
)
def test_no_cut_through_a_secret_lets_its_parts_through(
    said: list[tuple[str, str]], cuts: list[int]
) -> None:
    plain = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        for number, value in enumerate(SECRETS):
            patch.setenv(f"A_TOKEN_{number}", value)
        stream = RedactedStream(plain)
    text, place = "".join(form.format(value) for form, value in said), 0
    for cut in cycle(cuts):
        stream.write(text[place : place + cut])
        place += cut
        if place > len(text):
            break
    stream.write("\nthe end\n")
    assert plain.getvalue().endswith("the end\n")
    for part in ("pa55", "of-the-server", "words 77", "8888", "9999", "hu5h", "with blanks"):
        assert part not in plain.getvalue()


def test_of_a_line_that_is_too_long_the_beginning_is_shown() -> None:
    plain = io.StringIO()
    stream = RedactedStream(plain)
    stream.write("begun " + "x " * 5000 + "--password ")
    for _ in range(10):
        stream.write("hu5h" * 500)
    stream.write("hu5h\nnext\n")
    assert plain.getvalue().startswith("begun x x")
    assert plain.getvalue().endswith(" …\nnext\n")
    assert "hu5h" not in plain.getvalue()
