"""Opening a web page."""

import sys
import time
from pathlib import Path

import pytest

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.services.machine.browser import REMOTE, SCREENS, has_browser, open_page
from tests.patience import PATIENCE

ADDRESS = "http://127.0.0.1:5000/#/experiments/1/runs/a'b;c"


@pytest.fixture
def at_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in REMOTE:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISPLAY", ":0")


def test_a_browser_is_where_the_person_sits() -> None:
    assert has_browser({"DISPLAY": ":0"}, "linux")
    assert has_browser({"WAYLAND_DISPLAY": "wayland-0"}, "linux")
    assert has_browser({}, "darwin")
    assert not has_browser({}, "linux")
    assert not has_browser({"DISPLAY": "localhost:10.0", "SSH_CONNECTION": "1 2 3 4"}, "linux")
    assert not has_browser({"SSH_TTY": "/dev/pts/1"}, "darwin")


def test_without_a_screen_nothing_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SCREENS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SSH_CONNECTION", "1 2 3 4")
    assert not open_page(ADDRESS)


@pytest.mark.usefixtures("at_a_screen")
def test_the_browser_gets_the_address_but_no_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    browser, seen = tmp_path / "browser.py", tmp_path / "seen"
    browser.write_text(
        "import os, sys\n"
        "print('noise', file=sys.stderr)\n"
        "try:\n"
        "    os.open('/dev/tty', os.O_RDWR)\n"
        "    terminal = 'terminal'\n"
        "except OSError:\n"
        "    terminal = 'none'\n"
        f"open({str(seen) + '.part'!r}, 'w').write(sys.argv[1] + ' ' + terminal)\n"
        f"os.rename({str(seen) + '.part'!r}, {str(seen)!r})\n"
    )
    monkeypatch.setenv("BROWSER", f"{sys.executable} {browser} %s")
    assert open_page(ADDRESS)
    end = time.monotonic() + PATIENCE
    while not seen.exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert seen.read_text() == f"{ADDRESS} none"
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("at_a_screen")
def test_only_the_web_is_opened() -> None:
    with pytest.raises(InvalidInput, match="no address of the web"):
        open_page("file:///etc/passwd")
