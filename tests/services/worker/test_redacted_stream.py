"""What libraries print, without secrets."""

import io
import logging
import warnings

import pytest

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
