"""The fields of something that can be launched."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from mlops_tui.domain.jobs.filled_form import FilledForm
from mlops_tui.domain.jobs.job_options import JobOptions, options_of
from mlops_tui.domain.jobs.launchable import TargetKind
from mlops_tui.domain.jobs.recipe import Parameter
from mlops_tui.domain.plain_text import one_line
from mlops_tui.tui.launching.parameter_form import ParameterForm

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Collected(Generic[R]):
    """What was filled in; ``None`` where a field is wrong: which, in which form, and why."""

    result: R | None = None
    form: str = ""
    field: str = ""
    reason: str = ""

    @property
    def problem(self) -> str:
        """The field with the reason."""
        return f"{self.field}: {self.reason}" if self.field else self.reason


class LaunchForm(VerticalScroll, Generic[R], can_focus=False):
    """Its own parameters between the choice of a command and the fields that every job has.

    ``filled`` is what the fields are made of; another command of the program has other fields.
    """

    DEFAULT_CSS = """
    LaunchForm { height: auto; max-height: 50vh; }
    LaunchForm ParameterForm { margin-bottom: 1; }
    LaunchForm #entry { margin-bottom: 0; }
    """

    def __init__(self, filled: FilledForm) -> None:
        super().__init__(id="fields")
        self.filled = filled

    def compose_parameters(self) -> Iterable[ParameterForm]:
        """Return the forms of its own parameters."""
        raise NotImplementedError

    def collect(self) -> Collected[R]:
        """Return what is filled in, or what is wrong; raises ``ServiceError``."""
        raise NotImplementedError

    def describe(self, result: R) -> str:
        """Return what the fields mean: the command at least."""
        raise NotImplementedError

    def equivalent(self) -> str:
        """Return the command line that does the same; nothing while a field is wrong."""
        raise NotImplementedError

    @property
    def explanation(self) -> str:
        """What stands above the fields: what was read, from what."""
        found = self.filled.launchable
        parts = (found.explanation, self.filled.note, found.python_origin)
        return one_line(" ".join(filter(None, parts)), 500)

    def compose(self) -> ComposeResult:
        """Make the fields."""
        if len(self.filled.launchable.entry_points) > 1:
            yield ParameterForm((self._command_choice(),), id="entry")
        yield from self.compose_parameters()
        yield ParameterForm(
            self.filled.launchable.job_fields,
            texts=self.filled.options,
            original=self.filled.original_options,
            word=self.filled.word,
            check=lambda _values: self.job_options()[1],
            id="job",
        )

    def _command_choice(self) -> Parameter:
        found = self.filled.launchable
        return Parameter(
            "entry point" if found.target.kind is TargetKind.PROJECT else "command",
            found.target.entry_point,
            "none is needed" if "" in found.entry_points else "",
            choices=tuple(filter(None, found.entry_points)),
            optional="" in found.entry_points,
        )

    @property
    def command(self) -> str:
        """The chosen command, or entry point, of the program."""
        for choice in self.query("#entry").results(ParameterForm):
            (chosen,) = choice.texts.values()
            return chosen
        return self.filled.launchable.target.entry_point

    @property
    def forms(self) -> list[ParameterForm]:
        """All of its forms, from top to bottom."""
        return list(self.query(ParameterForm))

    def texts_of(self, form: str) -> dict[str, str]:
        """Return what the fields of a form hold, by name."""
        return self.query_one(f"#{form}", ParameterForm).texts

    def job_options(self) -> tuple[JobOptions, dict[str, str]]:
        """Return what the fields of every job hold, with the reasons of wrong ones."""
        return options_of(self.texts_of("job"), self.filled.launchable.launchers)

    async def show_form(self, filled: FilledForm) -> None:
        """Make the fields anew; those that every job has stay as they are."""
        self.filled = replace(filled, options=self.texts_of("job"))
        await self.recompose()
