"""Asks which files a version is to score, where the answers go, and where the job runs."""

import shlex
from collections.abc import Iterable, Sequence
from pathlib import Path

from textual import on
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Input, Label, Select, Static

from mlops_tui.domain.batch.scoring import BAD_SHARE, LOCAL, MASTER, SPARK, ScoringRequest
from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.jobs.launcher_form import LauncherForm
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.plain_text import one_line
from mlops_tui.tui.kit.dialog import Dialog
from mlops_tui.tui.kit.field import Field
from mlops_tui.tui.launching.launcher_choice import LauncherChoice
from mlops_tui.tui.launching.parameter_form import ParameterForm

LABELS = {
    "inputs": "Input: files, folders or globs, in {folder}",
    "output": "Output: a .parquet or .csv file, with one row for each row of the input",
    "share": "Share of rows that may fail: 0 to 1; they go to OUTPUT.bad_rows.parquet",
    "master": "Spark's master: local[4], spark://HOST:PORT. The first bad row ends it.",
}
ALONE, BESIDE = "alone", "beside"
ENGINES = (("one process, in bounded memory", LOCAL), ("Spark, for what that cannot hold", SPARK))
ONLY_OF = {"share": LOCAL, "master": SPARK}
"""Fields that one engine has, by their names."""
WHAT = (("the answers alone", ALONE), ("the answers beside the columns of the input", BESIDE))


class ScoreDialog(Dialog[ScoringRequest]):
    """Shows the command line that does the same, below the fields, which can be longer."""

    DEFAULT_CSS = """
    ScoreDialog {
        #box { max-height: 100%; }
        #fields { height: auto; max-height: 50vh; }
        ParameterRow Input, ParameterRow Select { width: 18; }
    }
    ScoreDialog.-wide ParameterRow Input, ScoreDialog.-wide ParameterRow Select { width: 30; }
    """

    def __init__(
        self,
        version: ModelVersion,
        offered: ScoringRequest,
        launchers: Sequence[LauncherForm],
        reason: str = "",
    ) -> None:
        super().__init__(f"Score files with {version.name} v{version.version}")
        self._offered = offered
        self._launchers = launchers
        self._reason = reason

    def compose_body(self) -> Iterable[Widget]:
        """Put the fields above the command."""
        yield VerticalScroll(*self._fields(), id="fields", can_focus=False)
        yield Static(markup=False, classes="explain")

    def _fields(self) -> Iterable[Widget]:
        """Ask for input, output, what is kept, the engine with its own field, and the launcher."""
        offered = self._offered
        yield Label(LABELS["inputs"].format(folder=one_line(str(offered.folder), 200)))
        yield Field(shlex.join(offered.inputs), compact=True, id="inputs")
        yield Label(LABELS["output"])
        yield Field(offered.output, compact=True, id="output")
        yield Label("The output has")
        kept = BESIDE if offered.with_inputs else ALONE
        yield Select(WHAT, value=kept, allow_blank=False, compact=True, id="kept")
        yield Label("Scored by")
        yield Select(ENGINES, value=offered.engine, allow_blank=False, compact=True, id="engine")
        yield Label(LABELS["share"], classes="of-share")
        yield Field(f"{offered.max_bad_share:g}", compact=True, id="share", classes="of-share")
        yield Label(LABELS["master"], classes="of-master")
        yield Field(offered.master, compact=True, id="master", classes="of-master")
        yield LauncherChoice(self._launchers, offered.runs_on, offered.resources)

    @on(Input.Changed)
    @on(Select.Changed)
    @on(ParameterForm.Edited)
    def _show_equivalent(self) -> None:
        """Show the command; why it was refused before, until something is changed."""
        for name, engine in ONLY_OF.items():
            self.query(f".of-{name}").set(display=self._engine == engine)
        self.query_one(".explain", Static).update(one_line(self.equivalent(), 600))
        self.refuse(self._reason if self._is_as_offered() else "")

    def _is_as_offered(self) -> bool:
        try:
            return self._request() == self._offered
        except InvalidInput:
            return False

    @on(Input.Submitted)
    @on(ParameterForm.Submitted)
    def _confirm(self) -> None:
        try:
            request = self._request()
            request.check()
        except InvalidInput as error:
            self.refuse(str(error))
            return
        self.dismiss(request)

    @property
    def _engine(self) -> object:
        return self.query_one("#engine", Select).value

    def _request(self) -> ScoringRequest:
        """Return what the fields say; raises ``InvalidInput``."""
        text = {name: self.query_one(f"#{name}", Input).value.strip() for name in LABELS}
        try:
            inputs = tuple(shlex.split(text["inputs"]))
        except ValueError as error:
            raise InvalidInput(f"Input: {error}.", "Quote names with spaces.") from None
        is_local = self._engine == LOCAL
        request = ScoringRequest(
            self._offered.model_uri,
            inputs,
            text["output"],
            Path(self._offered.folder),
            with_inputs=self.query_one("#kept", Select).value == BESIDE,
            max_bad_share=_share(text["share"]) if is_local else BAD_SHARE,
            engine=LOCAL if is_local else SPARK,
            master=MASTER if is_local else text["master"],
        )
        return request.on(*self.query_one(LauncherChoice).collect())

    def equivalent(self) -> str:
        """Return the command line that does the same."""
        try:
            request = self._request()
            request.check()
        except InvalidInput:
            return ""
        return request.command()


def _share(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise InvalidInput(f"The share of bad rows is {text}, not 0 to 1.") from None
