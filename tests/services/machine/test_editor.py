"""A text in the person's own editor."""

import os
import signal
import sys
from pathlib import Path

import pytest

from mlops_tui.domain.errors import ServiceError
from mlops_tui.services.machine.editor import edit_text, editor_command


def editor(tmp_path: Path, code: str) -> dict[str, str]:
    """Return an environment whose editor runs the code with the file's path in ``path``."""
    script = tmp_path / "my editor.py"
    script.write_text(f"import os, sys, pathlib\npath = pathlib.Path(sys.argv[-1])\n{code}\n")
    return {"EDITOR": f"{sys.executable} '{script}' --wait"}


def test_visual_goes_before_editor_before_vi() -> None:
    assert editor_command({"VISUAL": "code -w", "EDITOR": "nano"}) == ("code", "-w")
    assert editor_command({"VISUAL": " ", "EDITOR": "'my nano' -x"}) == ("my nano", "-x")
    assert editor_command({}) == ("vi",)


def test_an_open_quote_is_told() -> None:
    with pytest.raises(ServiceError, match="EDITOR is no command"):
        editor_command({"EDITOR": "'nano"})


def test_the_text_comes_back_as_the_person_left_it(tmp_path: Path) -> None:
    environ = editor(
        tmp_path, "assert path.read_text() == 'old ü; $(x)'; path.write_text('new ü\\n')"
    )
    assert edit_text("old ü; $(x)", environ) == "new ü"


def test_a_line_end_that_was_there_stays(tmp_path: Path) -> None:
    assert edit_text("a\n", editor(tmp_path, "")) == "a\n"


def test_no_file_is_left_behind(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    edit_text("secret", editor(tmp_path, f"pathlib.Path({str(seen)!r}).write_text(str(path))"))
    assert not Path(seen.read_text()).exists()


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("sys.exit(3)", "ended with code 3"),
        ("path.write_bytes(b'\\xff')", "left no UTF-8 text"),
        ("path.unlink()", "left no UTF-8 text"),
    ],
)
def test_an_editor_that_fails_changes_nothing(tmp_path: Path, code: str, reason: str) -> None:
    with pytest.raises(ServiceError, match=f"{reason}.*as it was before"):
        edit_text("old", editor(tmp_path, code))


def test_an_editor_that_is_not_there_is_named() -> None:
    with pytest.raises(ServiceError, match="no-such-editor does not start: No such file"):
        edit_text("old", {"EDITOR": "no-such-editor"})


def test_a_full_disk_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    with pytest.raises(ServiceError, match=r"Cannot read or write .*gone.*: No such file"):
        edit_text("old", editor(tmp_path, ""))


def test_an_interrupt_reaches_the_editor_alone(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGINT)
    code = (
        "import signal, time\n"
        f"os.kill({os.getpid()}, signal.SIGINT)\n"
        "assert signal.getsignal(signal.SIGINT) is signal.default_int_handler\n"
        "time.sleep(0.2); path.write_text('survived')"
    )
    assert edit_text("old", editor(tmp_path, code)) == "survived"
    assert signal.getsignal(signal.SIGINT) is before
