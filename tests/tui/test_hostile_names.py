"""Foreign text that would hurt a terminal, in every place that shows any."""

import json
import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from rich.cells import cell_len

from mlops_tui.domain.plain_text import visible
from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord, ProcessState
from mlops_tui.domain.runs.run import NOTE_TAG
from mlops_tui.domain.store import Store
from mlops_tui.services.processes import log_file, records
from mlops_tui.services.store.store import client
from tests.making import make_run
from tests.tui.story import Story, story

WIDE = (200, 50)
NEXT = "right_square_bracket"
PREVIOUS = "left_square_bracket"
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
"""Unicode's controls, formats (bidirectional overrides among them), separators of lines."""

NAMES = {
    "[/tmp/x]": "[/tmp/x]",
    "[red]": "[red]",
    "params[lr]=1": "params[lr]=1",
    "\x1b[2J\x1b]0;title\x07cleared": "cleared",
    "x" * 5_000: "xxxxxxxxxxxxxxxxx…",
    "😀 👩\u200d🔬": "😀 👩🔬",
    "שלום עולם": "שלום עולם",
    "\u202egnp\u2066.exe": "·gnp·.exe",
    "two\nlines": "two↵lines",
}
"""Names that hurt, as they stand in a table."""

REST = "[red]\x1b[31m\x1b]0;title\x07\u202e[/tmp/x]\x9b2J params[lr]=1\u2066 😀 שלום " + "x" * 5_000


def hostile(place: str, length: int = 5_000) -> str:
    """Return a text with all of it, which begins with where it stands."""
    return (place + REST)[:length]


def seen(place: str) -> str:
    """Return how the beginning of such a text is shown."""
    return f"{place}[red]·[/tmp/x]"


def typed(place: str) -> str:
    """Return how it stands where it can be edited: nothing is left out."""
    return f"{place}[red]·[31m·]0;title··[/tmp/x]·2J params[lr]=1·"


def assert_harmless(person: Story) -> None:
    assert person.app.is_running
    for line in person.screen.split("\n"):
        assert cell_len(line) <= person.app.size.width
        unseen = {c for c in line if unicodedata.category(c) in UNSEEN} - {"\u200d"}
        assert not unseen, ascii(line)


async def shows(person: Story, *texts: str) -> None:
    """Wait until all the texts are on the screen, with nothing that would hurt a terminal."""
    await person.sees(*texts)
    assert_harmless(person)


RENAMED = (
    "UPDATE params SET key = key || ? WHERE length(key) = 2",
    "UPDATE metrics SET key = key || ? WHERE length(key) = 2",
    "UPDATE latest_metrics SET key = key || ? WHERE length(key) = 2",
    "UPDATE tags SET key = key || ? WHERE length(key) = 2",
    "UPDATE model_version_tags SET key = key || substr(?, 1, 60) WHERE length(key) = 2",
)


def make_keys_hostile(store: Store) -> None:
    """Give keys of two letters what MLflow refuses, but another program may have written."""
    assert store.sqlite_path
    with closing(sqlite3.connect(store.sqlite_path)) as connection, connection:
        for statement in RENAMED:
            connection.execute(statement, (REST[:240],))
        # A key that is offered as it is, without quotes.
        connection.execute("UPDATE params SET key = ? WHERE key = 'plain'", ("zz\x1b[31m\u202ez",))


@pytest.fixture
def runs(sqlite_store: Store, tmp_path: Path) -> dict[str, str]:
    """Make three runs full of hostile text; return place to run id, the newest last."""
    mlflow = client(sqlite_store)
    files = tmp_path / hostile("at", 60).replace("/", "")
    experiment = mlflow.create_experiment(hostile("ex", 500), artifact_location=str(files))
    mlflow.set_experiment_tag(experiment, NOTE_TAG, hostile("en"))
    found = {}
    for number, place in enumerate(("r1", "r2", "r3")):
        found[place] = make_run(
            sqlite_store,
            experiment,
            name=hostile(place),
            params={"pa": hostile(f"v{number}"), "pb": number, "plain": number},
            metrics={"ma": [0.5, number], "mb": number * number},
            tags={
                "ta": hostile("tv"),
                NOTE_TAG: hostile("no"),
                "mlflow.user": hostile("us", 60),
                "mlflow.source.name": hostile("so", 60),
            },
            status="RUNNING" if place == "r3" else "FINISHED",
        )
    add_inputs_with_outputs(sqlite_store, experiment, found["r1"])
    make_keys_hostile(sqlite_store)
    return found


def add_inputs_with_outputs(store: Store, experiment: str, run_id: str) -> None:
    """Give a run a data set, a logged model, artifacts."""
    from mlflow.entities import Dataset, DatasetInput, InputTag, LoggedModelOutput

    mlflow = client(store)
    dataset = Dataset(hostile("ds", 500), hostile("di", 36), hostile("dt"), "source")
    context = InputTag("mlflow.data.context", hostile("dc", 500))
    mlflow.log_inputs(run_id, [DatasetInput(dataset, [context])])
    model = mlflow.create_logged_model(
        experiment, name=hostile("lm", 50).replace("/", ""), source_run_id=run_id
    )
    mlflow.log_outputs(run_id, [LoggedModelOutput(model.model_id, 0)])
    folder = Path(mlflow.get_run(run_id).info.artifact_uri)
    (folder / hostile("fo", 40).replace("/", "")).mkdir(parents=True)
    text = f"bar 10%\rbar 20%\n{hostile('l1')}\n{hostile('l2')}\n"
    (folder / hostile("ft", 60).replace("/", "")).write_text(text)
    (folder / hostile("fz", 60).replace("/", "")).write_bytes(b"\0\x1b[31m")


async def test_names_that_hurt_are_listed_as_they_are(sqlite_store: Store, state_dir: Path) -> None:
    mlflow = client(sqlite_store)
    for name in NAMES:
        experiment = mlflow.create_experiment(name[:500])
    for name in NAMES:
        make_run(sqlite_store, experiment, name=name)
        mlflow.create_registered_model(name.replace("/", "|"))
    async with story(sqlite_store, state_dir) as person:
        await shows(person, *NAMES.values(), f"{len(NAMES)} loaded")
        listed = [line for line in person.screen.split("\n") if "FINISHED" in line]
        for line, name in zip(reversed(listed), NAMES.values(), strict=True):
            assert name in line.partition("FINISHED")[2]
        await person.press("3", "shift+tab")
        await shows(person, *(name.replace("/", "|")[:14] for name in NAMES.values()))


async def test_experiments_with_runs(
    sqlite_store: Store, state_dir: Path, runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir, size=WIDE, stale_after=0.1) as person:
        await shows(person, seen("ex"), *map(seen, runs), "? dead", "1 silent")
        await shows(person, "ma[red]·[/tmp/x…", "pa[red]·[/tmp/x…", "v2[red]·[/tmp/x…")
        await shows(person, *map(seen, ("us", "no", "ma", "mb", "pa", "v2")))
        await person.press("slash")
        await person.type("pa")
        await shows(person, f'tab ⇥ "{seen("pa")}')
        await person.press("tab", "home")
        await shows(person, f'"{typed("pa")}')
        await person.press("ctrl+u", "ctrl+k")
        await person.type("zz")
        await shows(person, "tab ⇥ zz·z")
        await enter(person, f'"{hostile("r1", 100)}"')
        await shows(person, f'filter: "{seen("r1")}', "1 of 3 loaded")


async def test_a_query_of_runs(sqlite_store: Store, state_dir: Path, runs: dict[str, str]) -> None:
    async with story(sqlite_store, state_dir, size=WIDE) as person:
        await person.sees("3 loaded")
        await person.press("f")
        await enter(person, f"status={hostile('st')}".replace(" ", ""))
        await shows(person, f"✗ No run has the status {seen('st')}")
        await enter(person, f"params.a = {hostile('qu')}")
        await shows(person, "✗ ", "'params.a = qu[red]\\x1b[31m")
        await enter(person, f'name:"{hostile("r1", 40)}"')
        await shows(person, f'query: name:"{seen("r1")}')


async def test_a_view_of_runs(sqlite_store: Store, state_dir: Path, runs: dict[str, str]) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("3 loaded")
        await person.press("c")
        await shows(person, *(f"●{seen(key)}" for key in ("ma", "mb", "pa", "pb")), "●zz·z")
        await person.press("end")
        await shows(person, seen("ta"), f"max {seen('mb')}")
        await person.press("escape", "b")
        await person.sees("Group by")
        await enter(person, "pa")
        await shows(person, "▾ v2[red]·[/tmp/x…", "3 groups by pa[red]·[/tmp/x]")
        await person.press("s")
        await person.sees("Sort by")
        await enter(person, "pb")
        await person.press("s")
        await shows(person, f"Sort by (now {seen('pb')}")
        await person.press("escape", "V")
        await person.sees("Save this view")
        await enter(person, hostile("vi", 60))
        await shows(person, f"Saved: {seen('vi')}")
        await person.press("v")
        await shows(person, "Saved views", f" {seen('vi')}")


async def enter(person: Story, text: str) -> None:
    """Put a text into the field that has the focus, as pasting does; press enter."""
    from textual.widgets import Input

    field = person.app.screen.focused
    assert isinstance(field, Input)
    field.value = text
    await person.pilot.pause()
    await person.press("enter")


async def test_the_dialogs_of_runs(
    sqlite_store: Store, state_dir: Path, runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir, stale_after=0.1) as person:
        await person.sees("3 loaded")
        for keys, texts in (
            ("e", (f"Edit {seen('r3')}", typed("r3"), typed("no"))),
            ("T", (f"Tags of {seen('r3')}", typed("ta"))),
            ("D", (f"Delete {seen('r3')}", f"  {seen('r3')}")),
            ("x", (f"Settle {seen('r3')}", f"  {seen('r3')}")),
            ("Ae", ("Edit 3 runs", *(f"  {seen(run)}" for run in runs))),
            ("T", ("Tags of 3 runs", *(f"  {seen(run)}" for run in runs))),
            ("D", ("Delete 3 runs", *(f"  {seen(run)}" for run in runs))),
            ("MR", (f"{seen('r3')} params[lr]=1· 😀 שלום", "has logged no model")),
        ):
            await person.press(*keys, "home")
            await shows(person, *texts)
            await person.press("escape")


async def test_what_was_done_with_runs_is_told(
    sqlite_store: Store, state_dir: Path, runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("3 loaded")
        await person.press("D")
        await person.sees(f"Delete {seen('r3')}")
        await person.press("enter")
        await shows(
            person, f"{seen('r3')} params[lr]=1· 😀 שלום", "deleted. u undoes it", "2 loaded"
        )
        await person.press("u")
        await shows(person, "Undo", f"{seen('r3')} params[lr]=1· 😀 שלום")
        await person.press("escape", "n")
        await person.sees("New experiment")
        await enter(person, hostile("ex", 500))
        await shows(person, "There is an experiment", "'ex[red]\\x1b[31m", "already. Choose")


async def test_the_dialogs_of_experiments(
    sqlite_store: Store, state_dir: Path, runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("3 loaded")
        await person.press("shift+tab", "e")
        await person.sees("Edit experiment")
        await person.press("home")
        await shows(person, f"Edit experiment {seen('ex')}", typed("ex"), typed("en"))
        await person.press("escape", "D")
        await shows(person, f"Delete experiment {seen('ex')}")
        await person.press("enter")
        await shows(person, f"Experiment {seen('ex')}", "deleted; its name stays")
        await person.press("d")
        await shows(person, "Deleted (1)", seen("ex"))
        await person.press("U")
        await shows(person, f"Restore experiment {seen('ex')}")
        await person.press("escape", "question_mark")
        await shows(person, "Experiments", "Restore what was deleted")


async def test_a_run_in_all_its_parts(
    sqlite_store: Store, state_dir: Path, runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir, size=WIDE) as person:
        await person.sees("3 loaded")
        await person.press("end", "enter")
        await shows(person, *map(seen, ("r1", "ex", "us", "so", "no", "ma", "ds", "dc")))
        await person.press(NEXT)
        await shows(person, *map(seen, ("pa", "v0", "pb")))
        await person.press("y")
        await shows(person, f"Copied {seen('v0')}")
        await person.press(NEXT)
        await shows(person, *map(seen, ("ma", "mb")))
        await person.press("right", "s", "m")
        await shows(person, "step 0", "smoothed")
        await person.press(NEXT)
        await shows(person, *map(seen, ("ta", "tv")), "mlflow.note.content")
        await person.press(NEXT)
        await shows(person, "fo[red]", "ft[red]", "fz[red]", "lm[red]")
        await person.press("home", "down")
        await shows(person, "bar 20%", seen("l1"), seen("l2"))
        await person.press("down")
        await shows(person, "fz[red]", "binary")
        await person.press(NEXT)
        await shows(person, "lm[red]·[tmpx]", "models:/m-")
        await person.press("R")
        await shows(person, f"Register a model of {seen('r1')}", "lm[red]·[tmpx]")


async def test_a_comparison_in_all_its_parts(
    sqlite_store: Store, state_dir: Path, runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir, size=WIDE) as person:
        await person.sees("3 loaded")
        await person.press("C")
        await shows(person, *map(seen, ("pa", "ma", "ta")), "● r3[red]·[/t", "v2[red]·[/tmp")
        await shows(person, *(f"{mark} {seen(run)}" for mark, run in zip("■▲●", runs, strict=True)))
        await person.press("b")
        await shows(person, f"baseline: {seen('r3')}", "=● r3[red]·[/", "≠")
        await person.press("slash")
        await enter(person, hostile("pa", 50))
        await shows(person, f"filter: {seen('pa')}", "1 of ")
        await person.press("enter")
        await shows(person, f"by {seen('pa')}", f"n=3, 0={seen('v0')}")
        await person.press(PREVIOUS, PREVIOUS, "slash", "escape", NEXT)
        await shows(person, seen("ma"))
        await person.press(NEXT)
        await person.press("M")
        await shows(person, "Which metric?", seen("ma"), seen("mb"))
        await person.press("escape", "X")
        await shows(person, "What lies across?", f"param:{seen('pb')}", f"metric:{seen('ma')}")
        await person.press("escape")
        await person.press(NEXT)
        await shows(person, seen("pa"), seen("pb"), seen("v0"), seen("v2"), seen("ma"))
        await person.press(NEXT)
        await shows(person, f"What {seen('ma')}", "Over 2 runs that finished")


async def test_the_file_of_a_comparison(
    sqlite_store: Store,
    state_dir: Path,
    runs: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / hostile("cw", 60).replace("/", "")
    folder.mkdir()
    monkeypatch.chdir(folder)
    async with story(sqlite_store, state_dir) as person:
        await person.sees("3 loaded")
        await person.press("C")
        await person.sees("of 13 rows")
        await person.press("w")
        await shows(person, "The extension sets", "cw[red]·[tmpx]")
        await person.press("enter")
        await shows(person, "Wrote ", "cw[red]·[tmpx]")
        await person.press("w", "enter")
        await shows(person, "is there already. Replace")


MODEL = hostile("mo", 100).replace("/", "")
"""A name of a registered model holds no / in MLflow."""
SEEN_MODEL = "mo[red]·[tmpx]"
ALIASES = ("שלום", "a" * 90)
COLUMN = REST[:60]

MLMODEL = f"""
flavors:
  python_function: {{loader_module: mlflow.sklearn, python_version: 3.11.0}}
saved_input_example_info: {{artifact_path: input_example.json, type: dataframe}}
signature:
  inputs: {json.dumps(json.dumps([{"name": COLUMN, "type": "double", "required": True}]))}
"""


@pytest.fixture
def models(sqlite_store: Store, runs: dict[str, str], tmp_path: Path) -> Store:
    """Make a registered model with two versions, whose files can be read."""
    mlflow = client(sqlite_store)
    source = tmp_path / hostile("sr", 60).replace("/", "")
    source.mkdir()
    (source / "MLmodel").write_text(MLMODEL)
    example = {"dataframe_records": [{COLUMN: hostile("ce")}]}
    (source / "serving_input_example.json").write_text(json.dumps(example))
    mlflow.create_registered_model(MODEL, description=hostile("md"))
    mlflow.create_registered_model(hostile("mz").replace("/", ""))
    for _ in range(2):
        mlflow.create_model_version(
            MODEL,
            str(source),
            run_id=runs["r1"],
            tags={"tk": hostile("tv", 60)},
            description=hostile("vd"),
        )
    for alias in ALIASES:
        mlflow.set_registered_model_alias(MODEL, alias, "2")
    make_keys_hostile(sqlite_store)
    return sqlite_store


async def test_models_with_their_versions(models: Store, state_dir: Path) -> None:
    async with story(models, state_dir, size=WIDE) as person:
        await person.press("3")
        await shows(person, SEEN_MODEL, "mz[red]·[tmpx]", "v2", "v1", seen("vd"), "@aaaa")
        await shows(person, f"uri     models:/{SEEN_MODEL}", "@שלום", "sr[red]·[tmpx]")
        await shows(person, f"tags    {seen('tk')}", f"={seen('tv')}", f"about   {seen('vd')}")
        await person.press("y")
        await shows(person, f"Copied models:/{SEEN_MODEL}")
        for keys, texts in (
            ("tp", (f"Move {SEEN_MODEL}", "v2 → Production")),
            ("a", (f"Set an alias on {SEEN_MODEL}",)),
            ("A", (f"Remove an alias of {SEEN_MODEL}", "שלום", ALIASES[1])),
            ("e", (f"Description of {SEEN_MODEL}", typed("vd"))),
            ("T", (f"Tags of {SEEN_MODEL}", typed("tk"))),
            ("s", (f"Serve {SEEN_MODEL}", f"models:/{SEEN_MODEL}")),
            ("D", (f"Delete v2 of {SEEN_MODEL}", "v2: @")),
            ("M", (f"Metrics over the versions of {SEEN_MODEL}", "best: v1", "2 of 2 versions")),
            ("c", ("Column (", "Aliases")),
            ("C", ("2 versions", "● v2", "▲ v1")),
        ):
            await person.press(*keys, "home")
            await shows(person, *texts)
            await person.press("escape")
        await person.press("slash")
        await enter(person, "alias:שלום")
        await person.sees_no("v1")
        await person.press("shift+tab", "e")
        await shows(person, f"Description of {SEEN_MODEL}", typed("md"))
        for keys, texts in (
            ("n", (f"Rename {SEEN_MODEL}",)),
            ("T", (f"Tags of {SEEN_MODEL}",)),
            ("D", (f"Delete {SEEN_MODEL}", "v2: @", "Its 2 versions")),
        ):
            await person.press("escape", *keys)
            await shows(person, *texts)
        await person.press("escape", "tab", "v")
        await shows(person, seen("r1"), "lm[red]·[tmpx]")
        await person.press("R")
        await shows(person, f"Register a model of {seen('r1')}", "lm[red]·[tmpx]", SEEN_MODEL)
        await person.press("down", "enter", "shift+tab", "shift+tab", "home")
        await shows(person, "mo[red]·[31m·]0;title··[tmpx]·2J")
        await person.press("enter")
        await shows(person, f"Created {SEEN_MODEL}")


def make_process(state_dir: Path, kind: ProcessKind, place: str, **changes: Any) -> None:
    """Write down a process that is gone, with its log; there never was one."""
    record = ProcessRecord(
        process_id=records.new_id(),
        kind=kind,
        title=hostile(place),
        command=("python", hostile("cm")),
        cwd="/",
        environment=(),
        store=hostile("st"),
        created_at=int(place[-1]),
        state=ProcessState.LOST,
        reason=hostile("re", 60),
    )
    folder = records.create(state_dir, replace(record, **changes))
    text = f"bar 10%\rbar 20%\n\x1b[2J\x1b[Hcleared\n{hostile('l1')}\n{hostile('l2')}"
    (folder / log_file.NAME).write_text(text)


ELSEWHERE = {"state": ProcessState.RUNNING, "host": hostile("ho"), "boot_id": "another"}
"""What lets a process run without there being one."""


async def test_jobs_with_their_logs(sqlite_store: Store, state_dir: Path) -> None:
    recipe = {"recipe": hostile("rc")}
    make_process(state_dir, ProcessKind.JOB, "j1", details=recipe, **ELSEWHERE)
    make_process(state_dir, ProcessKind.JOB, "j2", details=recipe)
    async with story(sqlite_store, state_dir) as person:
        await person.press("2")
        await shows(person, seen("j1"), seen("j2"), "rc[red]·[/")
        await person.press("down")
        await shows(person, seen("re"))
        await shows(person, "bar 20%", "cleared", seen("l1"), seen("l2"))
        await person.press("y")
        await shows(person, "Copied python 'cm[red]·[/tmp/x]")
        await person.press("S")
        await shows(person, f"{seen('j2')} params[lr]=1· 😀 שלום")
        await person.press("D")
        await shows(person, f"Remove {seen('j2')}")
        await person.press("escape", "up", "x")
        await shows(person, "It was started on ho[red]·")
        await person.press("enter", "right", "G")
        await shows(person, seen("l1")[8:], seen("l2")[8:])


class HostileScoring(BaseHTTPRequestHandler):
    """Answers well once, then refuses, then breaks."""

    answers = (
        (200, {"predictions": [hostile("p1"), {hostile("pk"): 1}]}),
        (400, {"error_code": "BAD_REQUEST", "message": hostile("ms")}),
        (500, {"message": hostile("er")}),
    )
    count = 0

    def do_POST(self) -> None:
        status, answer = self.answers[HostileScoring.count % 3]
        HostileScoring.count += 1
        body = json.dumps(answer, ensure_ascii=False).encode()
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[str]:
    """Start a server with such answers, return its port."""
    server = HTTPServer(("127.0.0.1", 0), HostileScoring)
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield str(server.server_port)
    server.shutdown()
    thread.join()
    server.server_close()


async def test_servers_with_their_answers(models: Store, state_dir: Path, port: str) -> None:
    details = {
        "model": MODEL,
        "version": "2",
        "stage": hostile("sg"),
        "aliases": json.dumps([hostile("al")]),
        "port": port,
    }
    strange = details | {"model": "mx[red]", "version": hostile("ve"), "port": "1"}
    make_process(state_dir, ProcessKind.SERVER, "s1", details=strange)
    make_process(state_dir, ProcessKind.SERVER, "s2", details=details, **ELSEWHERE)
    async with story(models, state_dir, size=WIDE) as person:
        await person.press("4")
        await shows(person, SEEN_MODEL, "mx[red]  re[re", "v2", "vve…")
        await shows(person, "• sg[red]·[")
        await person.press(*["right"] * 4)
        await shows(person, "@al[red]·[")
        await person.press(*["left"] * 4)
        await shows(person, '"[red]\\u001b[31m\\u001b]0;title\\u0007·[/tmp/x]')
        await shows(person, "✗ row 0 [red]·[/tmp/x]", '▏"ce[red]\\u001b[31m')
        await person.press("enter", "ctrl+s")
        await shows(person, "✓ 200", 'prediction 0  "p1[red]', '{"pk[red]')
        await person.press("ctrl+s")
        await shows(person, "✗ 400", seen("ms"))
        await person.press("ctrl+s")
        await shows(person, "✗ 500", "er[red]")
        await person.press("escape", "down")
        await shows(person, f"models:/mx[red]/{seen('ve')}")
        await person.press("enter", "1", "ctrl+s")
        await shows(person, "✗ Nothing answers", "Start it with: python 'cm[red]·[/tmp/x]")
        await person.press("escape", "D")
        await shows(person, f"Remove {seen('s1')}")
        await person.press("escape", "o")
        await shows(person, seen("s1"), "bar 20%", "cleared", seen("l2"))
        await person.press("escape", "up", "x")
        await shows(person, "It was started on ho[red]·")


async def test_a_store_whose_path_hurts(tmp_path: Path, state_dir: Path) -> None:
    path = tmp_path / hostile("db", 60).replace("/", "")
    path.write_text("junk that is no database at all")
    async with story(Store(f"sqlite:///{path}"), state_dir, size=WIDE) as person:
        await shows(person, f"✗ {tmp_path}/db[red]·[tmpx] params[lr]=1·", "✗ no answer")
        await shows(person, f"sqlite:///{tmp_path}/db[red]·[tmpx]"[-40:])


def test_what_is_edited_loses_nothing() -> None:
    for text in (hostile("a"), "tabs\tstay", "👩\u200d🔬", *NAMES):
        assert len(visible(text)) == len(text)
