"""Which requests an endpoint writes down."""

from collections.abc import Iterable
from dataclasses import replace

from textual import on
from textual.widget import Widget
from textual.widgets import Input, Label, Static

from mlops_tui.domain.byte_size import bytes_size
from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.jobs.recipe import Parameter
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.serving.endpoint_figures import CaptureState
from mlops_tui.domain.serving.endpoint_options import (
    LARGEST_CAP_KIB,
    CaptureChoice,
    parse_columns,
    parse_share,
)
from mlops_tui.tui.kit.dialog import Dialog
from mlops_tui.tui.kit.field import Field

CAP = Parameter("cap", 64, minimum=1, maximum=LARGEST_CAP_KIB)
LIMIT = Parameter("limit", 1_024, minimum=1, maximum=1_000_000)
DAYS = Parameter("days", 30, minimum=1, maximum=3_650)

LABELS = {
    "share": "Share of requests to write down: 0 (off) to 1, or 10 %",
    "cap": "KiB of each request and answer",
    "limit": "MiB of all files together; the oldest go first",
    "days": "Days that a file is kept",
    "columns": "Columns left out: NAME:drop, NAME:hash, NAME:replace",
}


class CaptureDialog(Dialog[CaptureChoice]):
    """Asks for share, limits and columns; says where the requests are kept, and how many."""

    HAS_EQUIVALENT = False

    def __init__(self, title: str, before: CaptureChoice, state: CaptureState) -> None:
        super().__init__(title)
        self._before = before
        self._state = state

    def compose_body(self) -> Iterable[Widget]:
        """Show where it is, then the fields."""
        state = self._state
        kept = f"{state.written:,} kept, {bytes_size(state.size)}, readable by you alone"
        yield Static(one_line(f"{kept}: {state.folder}", 400), markup=False, classes="explain")
        columns = ", ".join(f"{name}:{way}" for name, way in self._before.columns.items())
        texts = {
            "share": f"{self._before.share:g}",
            "cap": str(self._before.cap_kib),
            "limit": str(self._before.limit_mib),
            "days": f"{self._before.days:g}",
            "columns": columns,
        }
        for name, label in LABELS.items():
            yield Label(label)
            yield Field(texts[name], compact=True, id=name)

    @on(Input.Changed)
    def _check(self) -> None:
        try:
            self._read()
        except InvalidInput as error:
            self.refuse(str(error))
        else:
            self.refuse("")

    @on(Input.Submitted)
    def _confirm(self) -> None:
        try:
            self.dismiss(self._read())
        except InvalidInput as error:
            self.refuse(str(error))

    def _read(self) -> CaptureChoice:
        """Return what the fields say; raises ``InvalidInput``."""
        texts = {name: self.query_one(f"#{name}", Input).value for name in LABELS}
        numbers = {}
        for name, parameter in (("cap", CAP), ("limit", LIMIT), ("days", DAYS)):
            try:
                numbers[name] = int(parameter.parse(texts[name]) or 0)
            except ValueError as error:
                raise InvalidInput(f"{LABELS[name]}: {error}.") from None
        return replace(
            self._before,
            share=parse_share(texts["share"]),
            cap_kib=numbers["cap"],
            limit_mib=numbers["limit"],
            days=numbers["days"],
            columns=parse_columns(texts["columns"]),
        )
