import json
import os
import pty
import re
import select
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from mlops_tui import __version__, cli
from mlops_tui.cli import interface
from mlops_tui.settings import OPTIONS, Settings, load
from tests.patience import PATIENCE

COMMAND = (sys.executable, "-m", "mlops_tui")


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """What a command is given: a home of its own, none of the developer's settings."""
    return {
        "HOME": str(tmp_path / "home"),
        "PATH": os.environ["PATH"],
        "TERM": "xterm-256color",
        "PYTHONPATH": str(Path(__file__).parents[1]),
    }


@pytest.fixture
def cwd(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


def run(cwd: Path, environ: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=cwd,
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


def run_in_terminal(cwd: Path, environ: Mapping[str, str], *arguments: str) -> tuple[int, str]:
    """Run the command in a pseudo-terminal; return its exit code with all it showed."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, *arguments], cwd=cwd, env=environ, stdin=theirs, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        shown = b""
        while select.select([ours], [], [], PATIENCE)[0]:
            try:
                shown += os.read(ours, 65536)
            except OSError:
                break
        code = process.wait(60)
    os.close(ours)
    return code, shown.decode()


def test_the_version_is_told(cwd: Path, environ: dict[str, str]) -> None:
    done = run(cwd, environ, "--version")
    assert (done.returncode, done.stdout) == (0, f"mlops-tui {__version__}\n")


def test_the_installed_command_is_the_same(cwd: Path, environ: dict[str, str]) -> None:
    command = Path(sys.executable).with_name("mlops-tui")
    shown = subprocess.check_output([command, "--version"], cwd=cwd, env=environ, text=True)
    assert shown == f"mlops-tui {__version__}\n"


@pytest.mark.parametrize("command", [[], ["doctor"], ["demo"]])
def test_the_help_shows_every_setting_with_its_variable(
    command: list[str], cwd: Path, environ: dict[str, str]
) -> None:
    done = run(cwd, environ, *command, "--help")
    assert done.returncode == 0
    for option in OPTIONS:
        assert option.flag in done.stdout
        assert f"[{option.environment}]" in done.stdout


def test_the_help_says_what_the_exit_codes_mean(cwd: Path, environ: dict[str, str]) -> None:
    shown = run(cwd, environ, "--help").stdout
    assert re.search(r"^  0  success\n  1  .*\n( {5}.*\n)*  2  ", shown, re.MULTILINE)


@pytest.mark.parametrize(
    "arguments",
    [["--nope"], ["nope"], ["demo"], ["--tracking", "x"], ["doctor", "--tracking", "x"]],
)
def test_wrong_use_ends_with_2(arguments: list[str], cwd: Path, environ: dict[str, str]) -> None:
    done = run(cwd, environ, *arguments)
    assert done.returncode == 2
    assert "usage: mlops-tui" in done.stderr


def test_a_wrong_setting_ends_with_2_after_one_sentence(cwd: Path, environ: dict[str, str]) -> None:
    done = run(cwd, environ, "doctor", "--refresh-interval", "soon")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "mlops-tui: refresh_interval (flag --refresh-interval) must be "
        "a number of seconds, at least 0.1.\n"
    )


@pytest.mark.parametrize("stream", ["stdin", "stdout", "stderr"])
def test_with_a_stream_that_is_no_terminal_the_interface_is_refused(
    stream: str, cwd: Path, environ: dict[str, str]
) -> None:
    ours, theirs = pty.openpty()
    with (cwd.parent / "file").open("w+") as file:
        streams = {**dict.fromkeys(("stdin", "stdout", "stderr"), theirs), stream: file.fileno()}
        code = subprocess.call(
            COMMAND,
            cwd=cwd,
            env=environ,
            stdin=streams["stdin"],
            stdout=streams["stdout"],
            stderr=streams["stderr"],
            timeout=PATIENCE,
        )
        file.seek(0)
        said = file.read()
    os.close(theirs)
    if stream != "stderr":
        said = os.read(ours, 4096).decode()
    what = {"stdin": "input", "stdout": "output", "stderr": "error output (2>)"}[stream]
    assert said.startswith(f"mlops-tui: The interface needs a terminal, but its {what} is not one.")
    os.close(ours)
    assert code == 2
    assert list(cwd.iterdir()) == []
    assert not (cwd.parent / "home").exists()


def test_an_unknown_theme_is_answered_with_those_there_are(
    cwd: Path, environ: dict[str, str]
) -> None:
    for code, shown in (
        run_in_terminal(cwd, environ, "--theme", "pink"),
        run_in_terminal(cwd, environ, "doctor", "--theme", "pink"),
    ):
        assert code == 2
        assert "mlops-tui: There is no theme pink (flag --theme). Themes are " in shown
        assert "nord" in shown
        assert "ansi-dark" not in shown


def test_a_state_directory_that_cannot_be_made_is_one_sentence(
    cwd: Path, environ: dict[str, str]
) -> None:
    (cwd / "taken").write_text("")
    code, shown = run_in_terminal(cwd, environ, "--state-dir", "taken/state")
    assert code == 2
    assert shown == (
        f"mlops-tui: The state directory {cwd}/taken/state cannot be used: Not a directory. "
        "Choose another with --state-dir.\r\n"
    )


def test_the_doctor_finds_nothing_wrong_in_an_empty_directory_while_creating_nothing(
    cwd: Path, environ: dict[str, str]
) -> None:
    done = run(cwd, environ, "doctor")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("All is well.\n")
    assert f"ok  tracking uri              sqlite:///{cwd}/mlflow.db  (default)\n" in done.stdout
    assert list(cwd.iterdir()) == []
    assert not (cwd.parent / "home").exists()


@pytest.fixture
def within(
    cwd: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """Return what runs the command in this process, where MLflow is loaded already."""
    monkeypatch.chdir(cwd)

    def run_within(*arguments: str) -> tuple[int, str]:
        return cli.main(arguments), capsys.readouterr().out

    return run_within


def test_what_the_doctor_finds_wrong_comes_with_a_way_out(
    within: Callable[..., tuple[int, str]],
) -> None:
    code, said = within("--tracking-uri", "127.0.0.1:5000", "doctor")
    assert code == 1
    wrong = said.partition("!!  store")[2].splitlines()
    assert "has no scheme" in wrong[1]
    assert "http://127.0.0.1:5000" in wrong[2]
    assert said.endswith("Problems: 1.\n")


def test_the_doctor_answers_programs_in_json(within: Callable[..., tuple[int, str]]) -> None:
    code, said = within("doctor", "--json", "--tracking-uri", "foo://u:secret@h/x")
    assert code == 1
    report = json.loads(said)
    assert report["ok"] is False
    assert report["findings"]["store"]["ok"] is False
    assert report["findings"]["tracking_uri"] == {
        "ok": True,
        "value": "foo://***@h/x",
        "source": "flag --tracking-uri",
        "problem": "",
        "remedy": "",
    }
    assert "secret" not in said


def test_the_doctor_uses_colours_only_in_a_terminal_that_wants_them(
    cwd: Path, environ: dict[str, str], within: Callable[..., tuple[int, str]]
) -> None:
    coloured = re.compile(r"\x1b\[[0-9;]*3[0-7]")
    assert "\x1b" not in within("doctor")[1]
    assert coloured.search(run_in_terminal(cwd, environ, "doctor")[1])
    without = run_in_terminal(cwd, {**environ, "NO_COLOR": "1"}, "doctor")[1]
    assert not coloured.search(without)


def test_a_flag_may_stand_before_or_after_the_sub_command(
    within: Callable[..., tuple[int, str]],
) -> None:
    for arguments in (
        ["--python", "/p", "doctor", "--json"],
        ["doctor", "--python", "/p", "--json"],
    ):
        findings = json.loads(within(*arguments)[1])["findings"]
        assert findings["python"]["source"] == "flag --python"


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Settings]:
    """The settings that the interface was opened with; opening it is another test's matter."""
    seen: list[Settings] = []

    def record(settings: Settings) -> int:
        seen.append(settings)
        return 0

    monkeypatch.setattr(interface, "run_app", record)
    monkeypatch.chdir(tmp_path)
    return seen


def test_without_a_sub_command_the_interface_opens_with_the_settings_in_force(
    opened: list[Settings], tmp_path: Path
) -> None:
    assert cli.main(["--read-only"]) == 0
    assert opened == [load({"read_only": True}, os.environ, tmp_path)]


def test_the_demo_has_a_directory_a_store_a_state_of_its_own(
    opened: list[Settings],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://team:5000")
    monkeypatch.setenv("MLFLOW_REGISTRY_URI", "http://registry:5000")
    assert cli.main(["demo", "demo dir"]) == 0
    directory = tmp_path / "demo dir"
    assert capsys.readouterr().err == f"mlops-tui: Created the directory {directory}.\n"
    assert Path.cwd() == directory
    assert list(directory.iterdir()) == []
    (settings,) = opened
    assert settings.tracking_uri == f"sqlite:///{directory}/mlflow.db"
    assert settings.store.registry_uri == ""
    assert settings.state_dir == directory / "state"
    assert settings.python == sys.executable
    assert {name for name, source in settings.sources.items() if source == "demo"} == {
        "tracking_uri",
        "registry_uri",
        "state_dir",
        "python",
    }


def test_the_demo_gives_way_to_flags_whose_paths_start_where_they_were_typed(
    opened: list[Settings], tmp_path: Path
) -> None:
    flags = ["--tracking-uri", "sqlite:///a.db", "--registry-uri", "sqlite:///b.db"]
    cli.main(["demo", "demo", *flags, "--state-dir", "s", "--python", "bin/python"])
    (settings,) = opened
    assert settings == replace(
        settings,
        tracking_uri=f"sqlite:///{tmp_path}/a.db",
        registry_uri=f"sqlite:///{tmp_path}/b.db",
        state_dir=tmp_path / "s",
        python=str(tmp_path / "bin/python"),
    )
    assert "demo" not in settings.sources.values()


def test_a_demo_directory_that_cannot_be_made_is_one_sentence(
    opened: list[Settings], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert cli.main(["demo", "file/demo"]) == 2
    assert capsys.readouterr().err == (
        f"mlops-tui: {tmp_path}/file/demo cannot be used: Not a directory.\n"
    )
    assert opened == []


def test_a_demo_makes_no_folders_but_its_own(
    opened: list[Settings], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["demo", "missing folder/deep/demo"]) == 2
    parent = tmp_path / "missing folder" / "deep"
    assert capsys.readouterr().err == (
        f"mlops-tui: The demo directory cannot be created: {parent} does not exist. "
        f"Create it first: mkdir -p '{parent}'\n"
    )
    assert list(tmp_path.iterdir()) == []
    assert opened == []
    (tmp_path / "demo").mkdir()
    assert cli.main(["demo", "demo"]) == 0
    assert capsys.readouterr().err == ""


def test_an_interrupted_command_ends_as_shells_expect(
    opened: list[Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_settings: Settings) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(interface, "run_app", interrupt)
    assert cli.main([]) == 130
    assert opened == []
