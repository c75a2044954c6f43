"""Edits a request, as JSON or in a form, and says what the model will not like about it."""

from dataclasses import dataclass

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Static, TextArea

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.models.model_info import ModelInfo
from mlops_tui.domain.serving.payload import Payload, dump, is_llm_request, is_native, parse_payload
from mlops_tui.domain.serving.payload_check import problems
from mlops_tui.domain.serving.payload_conversion import in_next_format
from mlops_tui.domain.serving.payload_example import offer
from mlops_tui.domain.serving.request_form import MOST, row_count
from mlops_tui.tui.kit.editor import Editor
from mlops_tui.tui.kit.formatting import plain
from mlops_tui.tui.serving.answer import problem_text
from mlops_tui.tui.serving.request_form import RequestForm

CHECKED = 100_000
"""Characters of a request that are checked as it is typed; a longer one is checked when sent."""


class RequestEditor(Vertical):
    """The text is the request; the form is a view of it. Posts ``Changed`` after each check."""

    DEFAULT_CSS = """
    RequestEditor { height: 1fr; }
    RequestEditor TextArea { height: 1fr; width: 1fr; border: none; }
    RequestEditor RequestForm { display: none; width: 1fr; padding: 0 1; }
    RequestEditor.-form RequestForm { display: block; }
    RequestEditor.-form TextArea { display: none; }
    RequestEditor #state { height: auto; max-height: 5; }
    """

    @dataclass
    class Changed(Message):
        """The request, or what can be done with it, is another."""

        can_do_else: bool
        """Whether other keys do something now."""

    def __init__(self) -> None:
        super().__init__()
        self._info: ModelInfo | None = None
        self.payload: Payload | None = None
        self.offered: Payload | None = None
        """The request as it stands, and as the model expects it where that is another."""

    def compose(self) -> ComposeResult:
        """Put the form beside the text, the check below."""
        with Horizontal():
            yield RequestForm(id="form")
            yield Editor("", language=None, compact=True, id="request")
        yield Static("", id="state", markup=False)

    @property
    def text(self) -> str:
        """The request as it stands."""
        return self.query_one("#request", TextArea).text

    @property
    def has_form(self) -> bool:
        """Whether the form is shown."""
        return self.has_class("-form")

    @property
    def row_words(self) -> str:
        """Which part of the request the form shows, empty where it is all of it."""
        form = self.query_one(RequestForm)
        if not self.has_form:
            return ""
        row = f"row {form.row + 1} of {form.rows} (pgdn)" if form.rows > 1 else ""
        columns = f"{MOST} of {form.columns:,} columns" if form.columns > MOST else ""
        return "  ".join(filter(None, (row, columns)))

    def show(self, text: str) -> None:
        """Show another request."""
        self.query_one("#request", TextArea).load_text(text)

    def show_info(self, info: ModelInfo | None) -> None:
        """Check against another model, None where nothing is known of it."""
        self._info = info
        self.check()

    def say(self, sentence: str) -> None:
        """Show a sentence in place of the check."""
        self.query_one("#state", Static).update(plain(sentence))

    def begin(self) -> None:
        """Put the cursor into the request."""
        if self.has_form:
            self.query_one(RequestForm).begin()
        else:
            self.query_one("#request").focus()

    def parsed(self) -> tuple[Payload | None, str]:
        """Return the request, or None and what is wrong with it where that can be told."""
        text = self.text
        if not text.strip() or len(text) > CHECKED or text[:1] == "@" or is_native(text):
            return None, ""
        try:
            return parse_payload(text), ""
        except InvalidInput as error:
            return None, "" if is_llm_request(text) else str(error)

    @on(TextArea.Changed, "#request")
    def check(self) -> None:
        """Say what is wrong with the request."""
        before = self.payload is None, self.offered is None
        self.payload, reason = self.parsed()
        self.offered = None
        state = plain(f"✗ {reason}" if reason else "")
        if self.payload and self._info:
            state = problem_text(problems(self.payload, self._info.signature))
            self.offered = offer(self.payload, self._info.signature) if state.plain else None
            if self.offered:
                state.append("\nctrl+o rewrites the request as the model expects it.", "bold")
        self.query_one("#state", Static).update(state)
        if self.has_form and (why := self._fill_form()):
            self._leave_form(why)
        self.post_message(self.Changed(before != (self.payload is None, self.offered is None)))

    def why_no_form(self) -> str:
        """Return why the request has no form; nothing where it has one."""
        if self.has_form:
            return ""
        if self.payload is None:
            return self._why_no_table()
        try:
            row_count(self.payload, (self._info or ModelInfo("")).signature)
        except InvalidInput as error:
            return str(error)
        return ""

    def toggle_form(self) -> None:
        """Fill in the form, or go back to the text."""
        if self.has_form:
            self._leave_form()
        elif not self._fill_form():
            self.add_class("-form")
            self.call_after_refresh(self.begin)
        self.post_message(self.Changed(can_do_else=True))

    def _fill_form(self) -> str:
        """Show the request in the form; return why that is not possible."""
        if self.payload is None:
            return self._why_no_table()
        try:
            self.query_one(RequestForm).show(self.payload, self._info or ModelInfo(""))
        except InvalidInput as error:
            return str(error)
        return ""

    def _why_no_table(self) -> str:
        return self.parsed()[1] or "This request is edited as JSON."

    def _leave_form(self, why: str = "") -> None:
        had_focus = self.query_one(RequestForm).has_focus_within
        self.remove_class("-form")
        if had_focus:
            self.query_one("#request").focus()
        if why:
            self.query_one("#state", Static).update(Text(f"✗ {why}"))

    @on(RequestForm.Edited)
    def _filled_in(self, event: RequestForm.Edited) -> None:
        event.stop()
        if event.payload == self.payload:
            self.post_message(self.Changed(can_do_else=False))
        else:
            self.show(dump(event.payload))

    def next_format(self) -> None:
        """Convert into the next format that the model can take; raises ``InvalidInput``."""
        if self.payload:
            self.show(dump(in_next_format(self.payload, (self._info or ModelInfo("")).signature)))

    def fix(self) -> None:
        """Rewrite the request as the model expects it."""
        if self.offered:
            self.show(dump(self.offered))
