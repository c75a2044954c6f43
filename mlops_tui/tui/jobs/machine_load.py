"""The line that says how busy the machine is."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from time import monotonic

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.widget import Widget

from mlops_tui.domain.byte_size import bytes_size
from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.machine.machine_load import FULL, Amount, BoxLoad, GpuLoad, fullest, summed
from mlops_tui.services.machine import machine_load
from mlops_tui.tui.kit.formatting import UNKNOWN
from mlops_tui.tui.kit.service_call import ask
from mlops_tui.tui.kit.steady_text import SteadyText

INTERVAL = 3.0
"""Seconds between two looks: shorter ones are noise, and each is drawn over a slow link."""

WIDE, NARROW = "   ", "  "
"""Between two things."""
BUSY, SCARCE = "bold yellow", "bold red"
"""What works all the time may do so; what is nearly used up will fail somebody."""
SIGN = "!"
"""Stands behind a high share: the colour is not the only word for it."""
GIBIBYTE = 1 << 30
"""Memory is sold, and told by other tools, in this unit."""


class MachineLoadLine(Widget):
    """Reads the load when its owner says so, which goes on with its own data meanwhile."""

    DEFAULT_CSS = (
        "MachineLoadLine { height: 1; padding: 0 1; SteadyText { width: 1fr; height: 1; } }"
    )

    def __init__(self) -> None:
        super().__init__()
        self._load: BoxLoad | None = None
        self._due = 0.0
        self._reading = False

    def compose(self) -> ComposeResult:
        """Hold the text."""
        yield SteadyText(id="load")

    def renew(self) -> None:
        """Read the load anew, unless that is going on, or was done a moment ago."""
        if not self._reading and monotonic() >= self._due:
            self._reading = True
            self._read()

    @work(group="load of the machine")
    async def _read(self) -> None:
        before = self._load.cpu_times if self._load else None
        try:
            self._load = await ask(self, machine_load.read_load, Path.cwd(), before)
        except ServiceError:
            self._load = None  # the screen says what is wrong with the service process
        finally:
            self._reading = False
            self._due = monotonic() + INTERVAL
        self._show()

    def on_resize(self) -> None:
        """Fit the text."""
        self._show()

    def _show(self) -> None:
        text = load_line(self._load, self.content_size.width) if self._load else ""
        self.query_one(SteadyText).update(text, layout=False)


def load_line(load: BoxLoad, width: int) -> Text:
    """Return the longest form that fits: amounts go first, then the GPUs become one."""
    forms = list(_forms(load))
    return next((form for form in forms if form.cell_len <= width), forms[-1])


def _forms(load: BoxLoad) -> Iterator[Text]:
    each = list(_each(load.gpus, amounts=False))
    yield _line(_box(load, amounts=True), _each(load.gpus, amounts=True), WIDE)
    yield _line(_box(load, amounts=True), each, WIDE)
    yield _line(_box(load, amounts=False), _each(load.gpus, amounts=True), NARROW)
    yield _line(_box(load, amounts=False), each, NARROW)
    yield _line(_box(load, amounts=True), _all(load.gpus, amounts=True), WIDE)
    yield _line(_box(load, amounts=False), _all(load.gpus, amounts=False), NARROW)


def _line(box: Iterator[Text], gpus: Iterator[Text] | list[Text], gap: str) -> Text:
    return Text(gap).join([*box, *gpus])


def _box(load: BoxLoad, *, amounts: bool) -> Iterator[Text]:
    yield Text.assemble(
        _name("CPU"), _share(load.cpu, BUSY), f" of {load.cores}" if amounts else ""
    )
    yield Text.assemble(_name("memory" if amounts else "mem"), _used(load.memory, amounts=amounts))
    if load.disk:
        free = f", {bytes_size(load.disk.free)} free"
        yield Text.assemble(_name("disk"), _share(load.disk.share, SCARCE), free)


def _each(gpus: Sequence[GpuLoad], *, amounts: bool) -> Iterator[Text]:
    for number, gpu in enumerate(gpus):
        yield _gpu(f"GPU{number}" if len(gpus) > 1 else "GPU", gpu, amounts=amounts)


def _all(gpus: Sequence[GpuLoad], *, amounts: bool) -> Iterator[Text]:
    """Return many GPUs as one, with the memory that is nearly used up on one of them."""
    if gpus:
        both = summed(gpus)
        line = _gpu(f"{len(gpus)} GPUs", both, amounts=amounts)
        if fullest(gpus) > FULL and both.memory and both.memory.share <= FULL:
            line.append_text(Text.assemble(", one ", _share(fullest(gpus), SCARCE)))
        yield line


def _gpu(name: str, gpu: GpuLoad, *, amounts: bool) -> Text:
    busy = UNKNOWN if gpu.busy is None else _share(gpu.busy, BUSY)
    line = Text.assemble(_name(name), busy)
    if gpu.memory:
        line.append_text(Text.assemble(" ", _name("mem"), _used(gpu.memory, amounts=amounts)))
    return line


def _used(amount: Amount, *, amounts: bool) -> Text:
    size = f" of {amount.total / GIBIBYTE:.0f} GiB" if amounts else ""
    return Text.assemble(_share(amount.share, SCARCE), size)


def _share(share: float, style: str) -> Text:
    return Text(f"{share:.0%}{SIGN}", style) if share > FULL else Text(f"{share:.0%}")


def _name(text: str) -> tuple[str, str]:
    return f"{text} ", "dim"
