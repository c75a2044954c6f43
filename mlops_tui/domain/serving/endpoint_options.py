"""What an endpoint does beside answering: capture, follow, challenge."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.serving.environment_check import EnvManager, parse_env_manager

WAYS = ("drop", "hash", "replace")
LARGEST_CAP_KIB = 16 * 1024


@dataclass(frozen=True, slots=True)
class CaptureChoice:
    """Which requests an endpoint writes down, with their answers; none until a share is given."""

    share: float = 0.0
    """Of the requests, 0 to 1."""
    cap_kib: int = 64
    """KiB of each body that are kept."""
    limit_mib: int = 1_024
    """MiB of all files together; the oldest are removed first."""
    days: float = 30.0
    columns: Mapping[str, str] = field(default_factory=dict)
    """What happens to a column before anything is kept: drop, hash or replace."""

    def as_json(self) -> str:
        """Return it as the endpoint takes it."""
        return json.dumps(asdict(self))


@dataclass(frozen=True, slots=True)
class Rivalry:
    """A second version that is asked, too."""

    version: str
    mode: str
    """``shadow``: hears requests, is never heard; ``split``: answers a share."""
    share: float

    def as_json(self) -> str:
        """Return it as the endpoint takes it."""
        return json.dumps(asdict(self))

    def words(self) -> str:
        """Return it as a person types it: ``3`` for a shadow, ``3:10%`` for a split."""
        return self.version if self.mode == "shadow" else f"{self.version}:{100 * self.share:g}%"


@dataclass(frozen=True, slots=True)
class EndpointOptions:
    """Everything about an endpoint but model, Python and port."""

    follow: str = ""
    """``alias:NAME`` or ``stage:NAME``; empty to stay on the version."""
    capture: CaptureChoice = CaptureChoice()
    rival: Rivalry | None = None
    env_manager: EnvManager = EnvManager.LOCAL
    """What makes the environment of a version whose requirements are not met."""

    def words(self) -> tuple[str, ...]:
        """Return the arguments of the endpoint's command line."""
        words = []
        if self.follow:
            words += ["--follow", self.follow]
        if self.capture != CaptureChoice():
            words += ["--capture", self.capture.as_json()]
        if self.rival:
            words += ["--challenger", self.rival.as_json()]
        if self.env_manager is not EnvManager.LOCAL:
            words += ["--env-manager", self.env_manager.value]
        return tuple(words)

    def details(self) -> dict[str, str]:
        """Return what the record of the process keeps of it, to serve the same again."""
        rival = {"rival": self.rival.as_json()} if self.rival else {}
        kept = {"follow": self.follow, "capture": self.capture.as_json()}
        return {**kept, "env_manager": self.env_manager.value, **rival}


def options_of(details: Mapping[str, str]) -> EndpointOptions:
    """Return the options that a record keeps; what it does not keep is as by default."""
    try:
        capture = CaptureChoice(**json.loads(details.get("capture") or "{}"))
        rival = Rivalry(**json.loads(details["rival"])) if details.get("rival") else None
        check_capture(capture)
        manager = parse_env_manager(details.get("env_manager", ""))
    except (ValueError, TypeError, InvalidInput):
        capture, rival, manager = CaptureChoice(), None, EnvManager.LOCAL
    return EndpointOptions(details.get("follow", ""), capture, rival, manager)


def parse_share(text: str) -> float:
    """Parse a share: ``0.1`` or ``10 %``. Raises ``InvalidInput``."""
    given = text.strip()
    is_percent = given.endswith("%")
    try:
        share = float(given.removesuffix("%").strip() or "0") / (100 if is_percent else 1)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise InvalidInput(f"{text!r} is no share.", "Write 0 to 1, or a percentage such as 10 %.")
    return share


def parse_columns(text: str) -> dict[str, str]:
    """Parse what happens to columns: ``name:drop, mail:hash``. Raises ``InvalidInput``.

    A name alone is dropped.
    """
    columns = {}
    for part in filter(None, map(str.strip, text.split(","))):
        name, mark, way = part.rpartition(":")
        if not mark:
            name, way = part, "drop"
        if way.strip() not in WAYS or not name.strip():
            raise InvalidInput(
                f"{part!r} does not say what happens to a column.",
                f"Write COLUMN:{' or COLUMN:'.join(WAYS)}.",
            )
        columns[name.strip()] = way.strip()
    return columns


def parse_follow(text: str) -> str:
    """Parse what an endpoint follows: ``@champion`` or a stage. Raises ``InvalidInput``."""
    given = text.strip()
    if given.startswith("@") and given[1:]:
        return f"alias:{given[1:]}"
    stages = {stage.value.lower(): stage.value for stage in Stage if stage is not Stage.NONE}
    if given.lower() in stages:
        return f"stage:{stages[given.lower()]}"
    if given:
        raise InvalidInput(f"{text!r} is neither an alias nor a stage.", "Write @ALIAS or a stage.")
    return ""


def parse_rivalry(shadow: str, split: str) -> Rivalry | None:
    """Parse a second version: ``3`` as shadow, ``3:10%`` as split. Raises ``InvalidInput``."""
    if shadow.strip() and split.strip():
        raise InvalidInput("A second version is a shadow or takes a split, not both.")
    if shadow.strip():
        return Rivalry(_version(shadow), "shadow", 1.0)
    if not split.strip():
        return None
    version, _, share = split.partition(":")
    if not (parsed := parse_share(share)):
        raise InvalidInput(
            f"{split!r} does not say how much v{_version(version)} answers.",
            "Write VERSION:SHARE, such as 3:10%.",
        )
    return Rivalry(_version(version), "split", parsed)


def read_rivalry(text: str) -> Rivalry | None:
    """Parse what ``Rivalry.words`` returns. Raises ``InvalidInput``."""
    return parse_rivalry("", text) if ":" in text else parse_rivalry(text, "")


def _version(text: str) -> str:
    number = text.strip().removeprefix("v")
    if not number.isdecimal():
        raise InvalidInput(f"{text!r} is no version.", "Write its number.")
    return number


def check_capture(choice: CaptureChoice) -> None:
    """Raise ``InvalidInput`` where a field is out of its range."""
    numbers: tuple[Any, ...] = (choice.share, choice.cap_kib, choice.limit_mib, choice.days)
    if not all(isinstance(each, int | float) and not isinstance(each, bool) for each in numbers):
        raise InvalidInput("The limits of a capture are numbers.")
    if not 0 <= choice.share <= 1:
        raise InvalidInput("The share of captured requests goes from 0 to 1.")
    if not 1 <= choice.cap_kib <= LARGEST_CAP_KIB:
        raise InvalidInput(f"The cap of a body goes from 1 to {LARGEST_CAP_KIB} KiB.")
    if not (choice.limit_mib >= 1 and choice.days > 0):
        raise InvalidInput("A capture keeps at least 1 MiB, and more than 0 days.")
    if not all(way in WAYS for way in choice.columns.values()):
        raise InvalidInput(f"A column is one of {', '.join(WAYS)}.")
