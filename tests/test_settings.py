from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import mlflow
import pytest

from mlops_tui.domain.place import Place
from mlops_tui.domain.store import Store
from mlops_tui.domain.terminal_notice import Protocol
from mlops_tui.settings import (
    OPTIONS,
    Settings,
    SettingsError,
    config_path,
    hand_on,
    load,
    on_store,
    settings_table,
)


def write_config(text: str | bytes) -> Path:
    path = config_path({}, Path("/"))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def load_flags(cwd: Path, **flags: object) -> Settings:
    return load(flags, {}, cwd)


def refusal(
    flags: Mapping[str, object] | None = None, environ: Mapping[str, str] | None = None
) -> str:
    with pytest.raises(SettingsError) as caught:
        load(flags or {}, environ or {}, Path("/project"))
    return str(caught.value)


def test_a_flag_wins_over_the_environment_that_over_the_config_file_that_over_the_default(
    tmp_path: Path,
) -> None:
    environ = {"MLOPS_TUI_THEME": "nord"}
    assert load({}, {}, tmp_path).theme == "textual-dark"
    write_config('theme = "gruvbox"\n')
    assert load({}, {}, tmp_path).theme == "gruvbox"
    assert load({}, environ, tmp_path).theme == "nord"
    assert load({"theme": "dracula"}, environ, tmp_path).theme == "dracula"


def test_each_value_knows_where_it_came_from(tmp_path: Path) -> None:
    write_config("refresh_interval = 3\n")
    settings = load({"tracking_uri": "http://h:5000"}, {"MLOPS_TUI_THEME": "nord"}, tmp_path)
    assert settings.sources["tracking_uri"] == "flag --tracking-uri"
    assert settings.sources["theme"] == "environment MLOPS_TUI_THEME"
    shown = config_path({}, tmp_path).relative_to(Path.home())
    assert settings.sources["refresh_interval"] == f"config file ~/{shown}"
    assert settings.sources["read_only"] == "default"
    assert set(settings.sources) == {option.name for option in OPTIONS}


def test_every_option_can_be_set_in_each_place(tmp_path: Path) -> None:
    given = {
        "tracking_uri": "http://a:1",
        "registry_uri": "http://b:2",
        "artifact_root": "s3://team/mlflow",
        "read_only": "true",
        "theme": "nord",
        "first_screen": "Loop",
        "state_dir": "/s",
        "python": "/p/python",
        "refresh_interval": "2.5",
        "stale_after": "60",
        "query_history": "false",
        "notify_bell": "false",
        "notify_desktop": "OSC9",
        "notify_command": "~/bin/tell  'all of it'",
    }
    expected = (
        "http://a:1",
        "http://b:2",
        "s3://team/mlflow",
        True,
        "nord",
        Place.LOOP,
        Path("/s"),
        "/p/python",
        2.5,
        60.0,
        False,
        False,
        Protocol.OSC9,
        f"{Path.home()}/bin/tell 'all of it'",
    )
    assert set(given) == {option.name for option in OPTIONS}

    def values(settings: Settings) -> tuple[object, ...]:
        return tuple(getattr(settings, name) for name in given)

    environ = {option.environment: given[option.name] for option in OPTIONS}
    assert values(load({}, environ, tmp_path)) == expected
    switches = {"read_only": True, "query_history": False, "notify_bell": False}
    assert values(load({**given, **switches}, {}, tmp_path)) == expected
    unquoted = {*switches, "refresh_interval", "stale_after"}
    write_config(
        "".join(f"{k} = {v}\n" if k in unquoted else f'{k} = "{v}"\n' for k, v in given.items())
    )
    assert values(load({}, {}, tmp_path)) == expected


def test_a_desktop_notification_can_be_switched_off_in_toml(tmp_path: Path) -> None:
    write_config("notify_desktop = false\n")
    assert load({}, {}, tmp_path).notify_desktop is Protocol.OFF


def test_the_command_for_the_end_of_a_job_is_handed_on_wherever_it_was_set(tmp_path: Path) -> None:
    write_config('notify_command = "./tell"\n')
    environ: dict[str, str] = {}
    hand_on(load({}, environ, tmp_path), environ)
    assert environ == {"MLOPS_TUI_NOTIFY_COMMAND": f"{tmp_path}/tell"}
    assert load({}, environ, Path("/")).notify_command == f"{tmp_path}/tell"


def test_without_a_command_nothing_is_handed_on(tmp_path: Path) -> None:
    environ: dict[str, str] = {}
    hand_on(load({}, environ, tmp_path), environ)
    assert environ == {}


def test_an_empty_text_counts_as_not_given(tmp_path: Path) -> None:
    settings = load({"python": ""}, {"MLFLOW_TRACKING_URI": ""}, tmp_path)
    assert settings.tracking_uri == f"sqlite:///{tmp_path}/mlflow.db"
    assert settings.sources["tracking_uri"] == "default"
    assert settings.python == ""


def test_a_false_flag_wins_over_a_true_variable(tmp_path: Path) -> None:
    assert not load({"read_only": False}, {"MLOPS_TUI_READ_ONLY": "1"}, tmp_path).read_only


@pytest.mark.parametrize("word", ["true", "YES", "on", "1"])
def test_the_environment_says_yes_in_several_words(word: str, tmp_path: Path) -> None:
    assert load({}, {"MLOPS_TUI_READ_ONLY": word}, tmp_path).read_only


def choice_of_mlflow(cwd: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(cwd)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.setattr("mlflow.tracking._tracking_service.utils._tracking_uri", None)
    return str(mlflow.get_tracking_uri())


@pytest.mark.parametrize(
    "files",
    [
        [],
        ["mlruns/0/meta.yaml"],
        ["mlruns/notes/meta.yaml"],
        ["mlruns/1/artifacts"],
        ["mlruns/1"],
        ["mlruns"],
    ],
)
def test_the_default_store_is_the_one_that_mlflow_itself_would_choose(
    files: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cwd = tmp_path / "project"
    cwd.mkdir()
    for name in files:
        (cwd / name).parent.mkdir(parents=True, exist_ok=True)
        (cwd / name).write_text("")
    before = sorted(cwd.rglob("*"))
    assert load_flags(cwd).tracking_uri == choice_of_mlflow(cwd, monkeypatch)
    assert sorted(cwd.rglob("*")) == before


def test_a_file_store_with_a_blank_in_its_path_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cwd = tmp_path / "my project"
    (cwd / "mlruns" / "0").mkdir(parents=True)
    (cwd / "mlruns" / "0" / "meta.yaml").write_text("")
    assert load_flags(cwd).tracking_uri == choice_of_mlflow(cwd, monkeypatch)


@pytest.mark.parametrize(
    ("given", "absolute"),
    [
        ("sqlite:///rel.db", "sqlite:////project/rel.db"),
        ("sqlite:///./rel.db", "sqlite:////project/rel.db"),
        ("sqlite:///sub/rel.db?timeout=5", "sqlite:////project/sub/rel.db?timeout=5"),
        ("sqlite+pysqlite:///rel.db", "sqlite+pysqlite:////project/rel.db"),
        ("sqlite:////abs/x.db", "sqlite:////abs/x.db"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
        ("sqlite://", "sqlite://"),
        ("file:./mlruns", "file:///project/mlruns"),
        ("file:///abs/mlruns", "file:///abs/mlruns"),
        ("./mlruns", "/project/mlruns"),
        ("../mlruns", "/mlruns"),
        ("/abs/mlruns", "/abs/mlruns"),
        ("127.0.0.1:5000", "127.0.0.1:5000"),
        ("localhost:5000", "localhost:5000"),
        ("databricks", "databricks"),
        ("http://h:5000/x", "http://h:5000/x"),
        ("postgresql://u:p@h/db", "postgresql://u:p@h/db"),
    ],
)
def test_relative_addresses_become_absolute_since_children_run_elsewhere(
    given: str, absolute: str
) -> None:
    assert load_flags(Path("/project"), tracking_uri=given).tracking_uri == absolute


def test_the_name_of_a_folder_that_is_there_is_a_path(tmp_path: Path) -> None:
    (tmp_path / "mlruns").mkdir()
    assert load_flags(tmp_path, tracking_uri="mlruns").tracking_uri == f"{tmp_path}/mlruns"
    assert load_flags(tmp_path, tracking_uri="elsewhere").tracking_uri == "elsewhere"


def test_signs_with_a_meaning_in_a_uri_are_quoted_in_a_relative_database(tmp_path: Path) -> None:
    from sqlalchemy import make_url

    cwd = tmp_path / "what? 100%41 ü"
    for settings in (load_flags(cwd), load_flags(cwd, tracking_uri="sqlite:///mlflow.db")):
        assert make_url(settings.tracking_uri).database == str(cwd / "mlflow.db")


def test_paths_are_made_absolute_with_the_home_directory_filled_in(tmp_path: Path) -> None:
    settings = load_flags(tmp_path, state_dir="../state", python="~/env/bin/python")
    assert settings.state_dir == tmp_path.parent / "state"
    assert settings.python == str(Path.home() / "env/bin/python")
    assert load_flags(tmp_path, python="python3.12").python == "python3.12"


def test_a_server_named_in_the_config_file_stands_for_its_uri(tmp_path: Path) -> None:
    write_config('tracking_uri = "team"\n[servers]\nteam = "http://t:1"\nold = "sqlite:///o.db"\n')
    settings = load_flags(tmp_path)
    assert settings.tracking_uri == "http://t:1"
    assert settings.sources["tracking_uri"].startswith("config file ~/")
    assert ", server team of the config file ~/" in settings.sources["tracking_uri"]
    settings = load({"tracking_uri": "old"}, {"MLFLOW_REGISTRY_URI": "team"}, tmp_path)
    assert settings.tracking_uri == f"sqlite:///{tmp_path}/o.db"
    assert settings.sources["tracking_uri"].startswith("flag --tracking-uri, server old of ")
    assert settings.registry_uri == "http://t:1"


def test_the_store_names_a_registry_only_where_it_is_another_one(tmp_path: Path) -> None:
    uri = "http://h:5000"
    assert load_flags(tmp_path, tracking_uri=uri, registry_uri=uri).store.registry_uri == ""
    store = load_flags(tmp_path, tracking_uri=uri, registry_uri="http://r").store
    assert (store.tracking_uri, store.registry_uri) == (uri, "http://r")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("tracking_uri = 5", "tracking_uri (config file ~/{}) must be a URI"),
        ('read_only = "maybe"', "read_only (config file ~/{}) must be true or false."),
        ("read_only = 1", "read_only (config file ~/{}) must be true or false."),
        ("refresh_interval = true", "must be a number of seconds, at least 0.1."),
        ("refresh_interval = 0", "must be a number of seconds, at least 0.1."),
        ("refresh_interval = nan", "must be a number of seconds, at least 0.1."),
        ("state_dir = []", "must be the path of a directory."),
        ("python = 3.11", "must be the path or name of a program."),
        ("theme = {}", "must be text."),
        ("notify_desktop = 'loud'", "must be one of off, osc9, osc777."),
        ("notify_desktop = true", "must be one of off, osc9, osc777."),
        (
            'notify_command = "say \'x"',
            "must be a program with its arguments, quoted as for a shell.",
        ),
        ("notify_command = ' '", "must be a program with its arguments, quoted as for a shell."),
        ("tracking = 'x'", "unknown key tracking. Valid keys are tracking_uri, "),
        ('"\\u001b[31mx" = 1', "unknown key x."),
        ("servers = 1", '[servers] expects lines of the form name = "URI".'),
        ("[servers]\nteam = 1", '[servers] expects lines of the form name = "URI".'),
        (
            '[servers.team]\nuri = "http://t:1"\nssh = 1',
            "team is neither that nor a table of uri, ssh, artifact_root.",
        ),
        ('[servers.team]\nssh = "b"', "server team has no uri."),
        ('[servers.team]\nuri = "http://t:1"\nhost = "b"', "server team has the unknown key host."),
        (
            '[servers.team]\nuri = "http://t:1"\nssh = "-oProxyCommand=x"',
            "server team: ssh names '-oProxyCommand=x', which is no host.",
        ),
        (
            '[servers.team]\nuri = "https://t"\nssh = "b"',
            "An https:// address does not work through ssh",
        ),
        ("theme = ", "The config file ~/{} is not valid TOML: Invalid value (at "),
        (b"\xff = 1", "The config file ~/{} is not UTF-8 text."),
    ],
)
def test_a_wrong_line_of_the_config_file_is_named_with_what_was_expected(
    line: str | bytes, said: str
) -> None:
    path = write_config(line)
    assert said.format(path.relative_to(Path.home())) in refusal()


def test_a_named_server_says_how_it_is_reached_and_where_its_artifacts_lie(tmp_path: Path) -> None:
    write_config(
        'artifact_root = "s3://all"\n[servers]\nteam = "sqlite:///t.db"\n'
        '[servers.lab]\nuri = "http://lab:5000"\nssh = "me@bastion"\nartifact_root = "~/lab"\n'
    )
    lab = load_flags(tmp_path, tracking_uri="lab")
    root = str(Path("~/lab").expanduser())
    assert lab.store == Store("http://lab:5000", "", root, name="lab", ssh="me@bastion")
    team = load_flags(tmp_path, tracking_uri="team").store
    assert team == Store(f"sqlite:///{tmp_path}/t.db", "", "s3://all", name="team")
    assert set(lab.servers) == {"team", "lab"}
    assert load_flags(tmp_path, tracking_uri="http://lab:5000").store.name == ""
    assert on_store(lab, team).store == team


def test_a_registry_is_not_reached_through_ssh() -> None:
    write_config('[servers.lab]\nuri = "http://lab:5000"\nssh = "me@bastion"\n')
    assert "can only be the tracking URI" in refusal({"registry_uri": "lab"})


@pytest.mark.parametrize("word", ["soon", "inf", "-1", "0.01"])
def test_a_wrong_value_is_refused_without_being_repeated(word: str) -> None:
    message = refusal(environ={"MLOPS_TUI_REFRESH_INTERVAL": word})
    assert message == (
        "refresh_interval (environment MLOPS_TUI_REFRESH_INTERVAL) must be "
        "a number of seconds, at least 0.1."
    )


def test_a_uri_that_cannot_be_taken_apart_is_refused_without_its_secrets() -> None:
    uri = "http://u:secret@[::1"
    with pytest.raises(ValueError, match="Invalid IPv6"):
        urlsplit(uri)
    assert "secret" not in refusal({"tracking_uri": uri})


def test_the_environment_can_name_another_config_file(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('theme = "nord"\n')
    environ = {"MLOPS_TUI_CONFIG": "mine.toml"}
    settings = load({}, environ, tmp_path)
    assert settings.theme == "nord"
    assert settings.sources["theme"] == f"config file {tmp_path}/mine.toml"


def test_a_config_file_named_by_the_environment_has_to_exist() -> None:
    message = refusal(environ={"MLOPS_TUI_CONFIG": "/nowhere/c.toml"})
    assert message == "The config file /nowhere/c.toml cannot be read: No such file or directory."


def test_a_config_file_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    config_path({}, tmp_path).mkdir(parents=True)
    assert "cannot be read: Is a directory." in refusal()


def test_the_state_directory_is_the_platforms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "xdg"))
    if Path("/proc").exists():
        assert load_flags(tmp_path).state_dir == tmp_path / "xdg" / "mlops-tui"


def test_the_table_of_settings_has_a_row_for_each_in_every_place() -> None:
    table = settings_table().splitlines()
    assert len(table) == len(OPTIONS) + 2
    for option, row in zip(OPTIONS, table[2:], strict=True):
        assert f"| `{option.flag}` | `{option.environment}` | `{option.name}` |" in row
    assert str(Path.home()) not in settings_table()
