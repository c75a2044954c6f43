"""Two thousand registered models with ten versions each."""

from statistics import median
from time import monotonic

from tests.benchmarks.make_models_store import name_of
from tests.benchmarks.place import Place, models_place, python
from tests.benchmarks.quantile import p95
from tests.benchmarks.ratio import Ratio
from tests.terminal import Terminal

MODELS, VERSIONS = 2_000, 10
TIMES = 3
TURNS, KEYS = 6, 10
FIRST_ROWS_BAR, FIND_BAR = 1.25, 3.0


def measure() -> list[Ratio]:
    """Return what the first rows and finding a model by its name cost."""
    place = models_place(MODELS, VERSIONS)
    first = _first_rows(place)
    with Terminal(place.app) as terminal:
        _open_models(terminal)
        terminal.wait_for(f"Models ({MODELS:,})", timeout=240)
        terminal.press("shift+tab")
        terminal.settle()
        find, rest = _keys(terminal)
    name = f"of {MODELS:,} models"
    return [
        Ratio(f"first rows {name}, one page of MlflowClient", *first, "ms", FIRST_ROWS_BAR),
        Ratio(f"find one {name} by its name p95, a key at rest p95", find, rest, "ms", FIND_BAR),
    ]


def _open_models(terminal: Terminal) -> None:
    terminal.wait_for("? Help", timeout=120)
    terminal.press("3")


def _first_rows(place: Place) -> tuple[float, float]:
    """Return when the first model stands on the screen, when a plain script prints it."""
    ours: list[float] = []
    theirs: list[float] = []
    for turn in range(TIMES + 1):
        with Terminal(place.app) as terminal:
            _open_models(terminal)
            seconds = terminal.wait_for(name_of(0), timeout=240)
        with Terminal(python("plain_models", place.uri)) as terminal:
            plain = terminal.wait_for(name_of(0), timeout=240)
        if turn:  # the first one fills the caches
            ours.append(1000 * seconds)
            theirs.append(1000 * plain)
    return median(ours), median(theirs)


def _keys(terminal: Terminal) -> tuple[float, float]:
    """Return the p95 of finding a model and of a key at rest, measured in turns."""
    find: list[float] = []
    rest: list[float] = []
    for start in range(7, MODELS, MODELS // TURNS):
        rest += [terminal.answer_to("down", quiet=0.06).first for _ in range(KEYS)]
        terminal.press("/")
        terminal.type(name_of(start)[:-1])
        terminal.wait_for(f"(10/{MODELS:,})")
        find += [_find(terminal, str(digit)) for digit in range(10)]
        terminal.press("escape")
        terminal.wait_for(f"Models ({MODELS:,})")
        terminal.settle()
    return 1000 * p95(find), 1000 * p95(rest)


def _find(terminal: Terminal, digit: str) -> float:
    """Return the seconds from the last letter of a name to its row; take the letter back."""
    terminal.settle()
    before = monotonic() - terminal.started
    terminal.type(digit)
    found = terminal.wait_for(f"(1/{MODELS:,})") - before
    terminal.press("backspace")
    terminal.wait_for(f"(10/{MODELS:,})")
    return found
