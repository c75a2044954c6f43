"""A small load test of a served model."""

from collections.abc import Awaitable, Callable, Iterable

from rich.text import Text
from textual import on, work
from textual.widget import Widget
from textual.widgets import Input, Label, Static

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.jobs.recipe import Parameter
from mlops_tui.domain.serving.load_figures import CLIENTS, LoadFigures
from mlops_tui.tui.kit.dialog import Dialog
from mlops_tui.tui.kit.field import Field
from mlops_tui.tui.kit.formatting import UNKNOWN, number, plain
from mlops_tui.tui.kit.table import Column, Table

SECONDS = Parameter("seconds", 3, minimum=1, maximum=60)
COLUMNS = (
    Column("clients", "Clients", 7, justify="right"),
    Column("rate", "Req/s", 7, justify="right"),
    Column("p50", "p50 ms", 7, justify="right"),
    Column("p95", "p95 ms", 7, justify="right"),
    Column("p99", "p99 ms", 7, justify="right"),
    Column("errors", "Errors", 12, grow=True),
    Column("cpu", "Own CPU", 7, justify="right"),
)


class LoadDialog(Dialog[None]):
    """Measures with 1, 2, 4 and 8 clients; ``measure`` takes their number and the seconds."""

    DEFAULT_CSS = "LoadDialog #box Table { height: 6; }"
    AUTO_FOCUS = "Field"

    def __init__(
        self,
        title: str,
        command: str,
        measure: Callable[[int, float], Awaitable[LoadFigures]],
    ) -> None:
        super().__init__(title)
        self._command = command
        self._measure = measure
        self._found: dict[str, LoadFigures] = {}

    def compose_body(self) -> Iterable[Widget]:
        """Ask for the time, then show a line for each number of clients."""
        words = "Sends the request as fast as it is answered. Whoever else uses the server waits."
        yield Static(words, markup=False, classes="explain")
        yield Label("Seconds for each number of clients (enter starts, esc stops)")
        yield Field("3", compact=True)
        yield Static(id="progress", markup=False)
        yield Table(id="figures")

    def equivalent(self) -> str:
        """Return the command that measures the same."""
        seconds = self.query_one(Field).value.strip() or "3"
        return f"{self._command} --load --seconds {seconds}"

    @on(Input.Submitted)
    def _start(self, event: Input.Submitted) -> None:
        try:
            seconds = int(SECONDS.parse(event.value) or 0)
        except ValueError as error:
            self.refuse(f"Seconds: {error}.")
        else:
            self.refuse("")
            self._run(seconds)

    @work(group="load", exclusive=True)
    async def _run(self, seconds: int) -> None:
        progress = self.query_one("#progress", Static)
        self._found = {}
        self._show()
        try:
            for clients in CLIENTS:
                done = len(self._found)
                progress.update(
                    f"{clients} clients… {done * seconds} of {len(CLIENTS) * seconds} s are over"
                )
                self._found[str(clients)] = await self._measure(clients, seconds)
                self._show()
        except ServiceError as error:
            self.refuse(str(error))
            progress.update("")
        else:
            progress.update(
                "Own CPU is what this client took of one core; near 100% it is the limit."
            )

    def _show(self) -> None:
        self.query_one("#figures", Table).show(list(self._found), self._cell, COLUMNS)

    def _cell(self, key: str, column: str) -> Text:
        figures = self._found[key]
        slow = {"p50": figures.p50_ms, "p95": figures.p95_ms, "p99": figures.p99_ms}
        if column in slow:
            value = slow[column]
            return Text(UNKNOWN if value is None else number(value, 5))
        kinds = ", ".join(f"{kind}: {count:,}" for kind, count in figures.errors.items())
        cells = {
            "clients": Text(key),
            "rate": Text(number(figures.per_second, 5), "bold"),
            "errors": plain(kinds, "red") if kinds else Text("none"),
            "cpu": Text(f"{figures.client_cpu:.0%}"),
        }
        return cells[column]
