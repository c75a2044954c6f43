"""The file of the interface's own faults."""

from pathlib import Path

import pytest

from mlops_tui.services.files import fault_log


def test_the_log_grows_without_a_password_until_it_is_too_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "state" / "interface.log"
    fault_log.append(path, "KeyError: 'postgresql://ann:pa55@db/x' \udcff")
    fault_log.append(path, "TypeError: \x1b[2J\n  of foreign text")
    text = path.read_text()
    assert text.index("postgresql://") < text.index("TypeError")
    assert "pa55" not in text
    assert "\x1b" not in text
    assert text.endswith("\n  of foreign text\n")
    monkeypatch.setattr(fault_log, "MOST_BYTES", 10)
    fault_log.append(path, "the last")
    assert "TypeError" not in path.read_text()
    assert path.read_text().endswith("the last\n")
