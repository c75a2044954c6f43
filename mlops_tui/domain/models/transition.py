"""Moving a model version from one stage to another."""

from collections.abc import Iterable
from dataclasses import dataclass

from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.stage import Stage


@dataclass(frozen=True, slots=True)
class StageChange:
    """One version moving from one stage to another."""

    version: str
    before: Stage
    after: Stage


@dataclass(frozen=True, slots=True)
class AliasChange:
    """One alias pointed from one version to another; empty means at none."""

    alias: str
    before: str
    after: str

    def describe(self) -> str:
        """Say what will change, as in "@previous → v1"."""
        return f"@{self.alias} → v{self.after}" if self.after else f"@{self.alias} removed"


@dataclass(frozen=True, slots=True)
class Transition:
    """What moving one version would change: the version itself first, then those archived.

    An alias may move along: ``previous`` to what was in Production before.
    """

    model: str
    changes: tuple[StageChange, ...]
    aliases: tuple[AliasChange, ...] = ()

    @property
    def target(self) -> StageChange:
        """The change that was asked for."""
        return self.changes[0]

    @property
    def archives(self) -> bool:
        """Whether other versions are archived by it."""
        return len(self.changes) > 1

    def undone(self) -> "Transition":
        """Return the transition that takes this one back, archived versions included."""
        return Transition(
            self.model,
            tuple(StageChange(c.version, c.after, c.before) for c in self.changes),
            tuple(AliasChange(a.alias, a.after, a.before) for a in self.aliases),
        )

    def describe(self) -> str:
        """Say what will change, as in "v2 → Production; v1: Production → Archived"."""
        first = self.changes[0]
        return "; ".join(filter(None, (f"v{first.version} → {first.after}", self.along())))

    def along(self) -> str:
        """Say what will change along with the version that was asked for."""
        stages = (f"v{c.version}: {c.before} → {c.after}" for c in self.changes[1:])
        return "; ".join((*stages, *(change.describe() for change in self.aliases)))


def plan_transition(
    versions: Iterable[ModelVersion], version: str, target: Stage, *, archive_existing: bool
) -> Transition:
    """Return what moving ``version`` to ``target`` changes among ``versions`` of one model.

    With ``archive_existing``, the other versions in the target stage become Archived, as MLflow
    does for Staging and Production; for the other targets it changes nothing. The alias
    ``previous`` then goes to the version that leaves Production.
    """
    known = list(versions)
    moved = next(v for v in known if v.version == version)
    changes = [StageChange(version, moved.stage, target)]
    if archive_existing and target.archives_existing:
        changes += [
            StageChange(v.version, target, Stage.ARCHIVED)
            for v in known
            if v.stage == target and v.version != version
        ]
    return Transition(moved.name, tuple(changes), previous_change(known, changes))


PREVIOUS = "previous"
"""The alias of what was in Production before."""


def previous_change(
    versions: Iterable[ModelVersion], changes: Iterable[StageChange]
) -> tuple[AliasChange, ...]:
    """Return how ``previous`` moves when other versions leave Production for the one moved there.

    Of several that leave, it is the one named first: the newest.
    """
    first, *others = changes
    leaving = [change.version for change in others if change.before is Stage.PRODUCTION]
    if first.after is not Stage.PRODUCTION or not leaving:
        return ()
    holder = next((v.version for v in versions if PREVIOUS in v.aliases), "")
    return () if holder == leaving[0] else (AliasChange(PREVIOUS, holder, leaving[0]),)


def stage_differences(
    before: Iterable[ModelVersion], now: Iterable[ModelVersion]
) -> tuple[str, ...]:
    """Say which versions are in another stage than before, as in "v1 is in Archived now"."""
    known = {v.version: v.stage for v in before}
    return tuple(
        f"v{v.version} is in {v.stage} now" for v in now if known.get(v.version, v.stage) != v.stage
    )
