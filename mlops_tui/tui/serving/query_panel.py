"""A query for a served model: the request, what is wrong with it, the answer."""

import shlex
from contextlib import suppress

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.widgets import Static
from textual.worker import Worker, get_current_worker

from mlops_tui.domain.errors import InvalidInput, ServiceError, Unreachable
from mlops_tui.domain.models.model_info import ModelInfo
from mlops_tui.domain.models.signature import Signature
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.serving.model_server import ModelServer
from mlops_tui.domain.serving.payload_example import first_request
from mlops_tui.domain.serving.query_equivalents import query_equivalents
from mlops_tui.domain.serving.query_result import QueryResult
from mlops_tui.domain.with_store_uri import with_recorded_uri
from mlops_tui.services.models import model_info
from mlops_tui.services.serving import query_history, request_file, scoring, watched
from mlops_tui.tui.kit.editor import LARGEST, Editor
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.pane import Pane
from mlops_tui.tui.kit.service_call import ask
from mlops_tui.tui.kit.workers import is_working
from mlops_tui.tui.serving.answer import answer_text, failure_text
from mlops_tui.tui.serving.answer_box import AnswerBox
from mlops_tui.tui.serving.query_requests import choose_request, sent_query
from mlops_tui.tui.serving.request_editor import CHECKED, RequestEditor
from mlops_tui.tui.serving.request_form import RequestForm
from mlops_tui.tui.serving.serving_keys import QUERY

NO_EXAMPLE = '{"dataframe_records": [[]]}'
"""What a request starts as when nothing is known of the model's inputs."""

PREFILL = "prefill"
"""The group of the workers that read what the model expects."""


class QueryPanel(Pane):
    """Edits and sends requests; each server keeps its own."""

    BINDINGS = bindings(QUERY)

    def __init__(self, classes: str = "") -> None:
        super().__init__(classes=classes)
        self._server: ModelServer | None = None
        self._texts: dict[str, str] = {}
        self._infos: dict[str, ModelInfo] = {}
        self._unreadable: set[str] = set()
        """The servers whose model tells nothing of its inputs, however often it is read."""
        self._sending: dict[str, Worker[None]] = {}
        self._examples: dict[str, str] = {}
        """Of each server the request that is made from what its model says of its inputs."""

    def compose(self) -> ComposeResult:
        """Put the request above its check, the answer below."""
        yield Static("", id="target", markup=False)
        yield RequestEditor()
        yield AnswerBox()

    @property
    def _key(self) -> str:
        return self._server.record.process_id if self._server else ""

    @property
    def _info(self) -> ModelInfo:
        return self._infos.get(self._key) or ModelInfo("")

    @property
    def request(self) -> str:
        """The request as it stands."""
        return self._editor.text

    @property
    def signature(self) -> Signature:
        """What the model says of its inputs."""
        return self._info.signature

    @property
    def _editor(self) -> RequestEditor:
        return self.query_one(RequestEditor)

    def show_server(self, server: ModelServer | None) -> None:
        """Query another server, or the same in another state."""
        before, self._server = self._key, server
        is_another = self._key != before
        if is_another:
            self._editor.show_info(self._infos.get(self._key))
            self._show_request(self._texts.get(self._key, ""))
            self._update_answer()
        is_unread = self._key not in self._infos and self._key not in self._unreadable
        if server and is_unread and (is_another or not is_working(self, PREFILL)):
            self._prefill(server)
        self._show_target()

    def edit(self) -> None:
        """Put the cursor into the request."""
        self._editor.begin()

    @work(group=PREFILL, exclusive=True)
    async def _prefill(self, server: ModelServer) -> None:
        key, store = server.record.process_id, self.shell.settings.store
        uri = f"models:/{server.model}/{server.version}"
        run_id = server.record.details.get("run_id", "")
        try:
            if server.is_watched:
                info = await ask(self, watched.describe, server.url)
            else:
                info = await ask(self, model_info.inspect_model, store, uri)
            row = await ask(self, model_info.first_test_row, store, run_id) if run_id else ""
        except ServiceError as error:
            if not isinstance(error, Unreachable):
                self._unreadable.add(key)
            if key == self._key:
                self._editor.say(str(error))
            return
        self._infos[key] = info
        if key == self._key:
            self._editor.show_info(info)
        self._examples[key] = first_request(info, row)
        if not self._texts.get(key):
            self._texts[key] = self._examples[key] or NO_EXAMPLE
            if key == self._key:
                self._show_request(self._texts[key])

    def _show_request(self, text: str) -> None:
        if len(text) > LARGEST:
            self._keep_as_file(text)
        else:
            self._editor.show(text)

    @on(Editor.TooLarge)
    def _pasted_too_much(self, event: Editor.TooLarge) -> None:
        event.stop()
        self._keep_as_file(event.text)

    @work(group="keep")
    async def _keep_as_file(self, text: str) -> None:
        """Put a request that is too large for the editor into a file; name that instead."""
        key, state_dir = self._key, self.shell.settings.state_dir
        try:
            path = await ask(self, request_file.keep, state_dir, text)
        except ServiceError as error:
            self._say(str(error))
            return
        self._texts[key] = f"@{path}"
        if key == self._key:
            self._show_request(self._texts[key])
        self._say(f"The request is too large to edit here; it was saved as {path}.")

    def _show_target(self) -> None:
        line = Text("")
        if self._server:
            line = Text().append(f"POST {self._server.predict_url}", "bold")
            payload = self._editor.payload
            line.append(f"  {payload.format}" if payload else "")
            line.append(f"  {self._editor.row_words}", "dim")
        self.query_one("#target", Static).update(line)

    @on(RequestEditor.Changed)
    def _changed(self, event: RequestEditor.Changed) -> None:
        if self._server:
            self._texts[self._key] = self.request
        self._show_target()
        self._update_answer()
        if event.can_do_else:
            self.screen.refresh_bindings()

    def why_unavailable(self, action: str) -> str:
        """Return why an action on the request can do nothing now; nothing where it can."""
        if reason := super().why_unavailable(action):
            return reason
        if self._server is None:
            return "There is no server to query."
        editor = self._editor
        if action == "fix_request" and editor.offered is None:
            return editor.parsed()[1] or "Nothing was found to fix in the request."
        if action == "next_format" and editor.payload is None:
            return editor.parsed()[1] or "There is no request to convert."
        return editor.why_no_form() if action == "toggle_form" else ""

    def action_clear(self) -> None:
        """Empty the request."""
        self._show_request("")

    def action_next_format(self) -> None:
        """Convert the request into the next of the formats that the model can take."""
        try:
            self._editor.next_format()
        except InvalidInput as error:
            self._say(str(error))

    def action_fix_request(self) -> None:
        """Rewrite the request as the model expects it."""
        self._editor.fix()

    def action_toggle_form(self) -> None:
        """Fill in a form, or edit the JSON."""
        self._editor.toggle_form()

    def action_requests(self) -> None:
        """Choose among the model's example and the requests sent before."""
        if server := self._server:
            self.host.begin(self._choose_request(server))

    async def _choose_request(self, server: ModelServer) -> None:
        example = self._examples.get(server.record.process_id, "")
        request = await choose_request(self.host, server, example)
        if request is not None and server.record.process_id == self._key:
            self._show_request(request)
            self.edit()

    @on(RequestForm.Confirmed)
    def _confirmed(self, event: RequestForm.Confirmed) -> None:
        event.stop()
        self.action_send()

    def _say(self, sentence: str) -> None:
        self.notify(one_line(sentence, 400), severity="warning", markup=False)

    def equivalents(self) -> dict[str, str]:
        """Return what does the same: as curl command, Python, MLflow's and our command line."""
        server, request = self._server, self.request
        return query_equivalents(server, request, self.signature) if server else {}

    def action_send(self) -> None:
        """Send the request as it stands."""
        if self._server is None:
            self._say("There is no server to query.")
        elif not self.request.strip():
            self._say("There is no request to send.")
        elif self.is_sending:
            self._say("Still waiting for the answer to the last request; esc cancels it.")
        else:
            self._send(self._server, self.request)

    @property
    def is_sending(self) -> bool:
        """Whether the answer of the server is awaited."""
        return self._key in self._sending

    def cancel(self) -> None:
        """Wait no longer for the answer of the server."""
        self._sending.pop(self._key).cancel()
        text = Text("Cancelled: the answer is no longer awaited.", "dim")
        self._show_answer(self._key, None, text)

    @work(group="send")
    async def _send(self, server: ModelServer, body: str) -> None:
        key, worker = server.record.process_id, get_current_worker()
        self._sending[key] = worker
        self._show_answer(key, body, Text("sending… (esc cancels)", "dim"))
        command = with_recorded_uri(
            shlex.join(server.record.command), server.record.store, self.shell.settings.store
        )
        hint = "" if server.is_watched else f"Start it with: {command}"
        try:
            info = self._infos.get(key) or ModelInfo("")
            result = await ask(
                self, scoring.query, server.url, body, hint=hint, signature=info.signature
            )
        except ServiceError as error:
            text = Text(one_line(f"✗ {error}", 2_000), "bold")
        else:
            text = self._result_text(key, body, result)
            self._remember(server, body, result)
        finally:
            # After a cancel the next request may be on its way already.
            if self._sending.get(key) is worker:
                del self._sending[key]
        self._show_answer(key, body, text)

    @work(group="remember")
    async def _remember(self, server: ModelServer, body: str, result: QueryResult) -> None:
        settings = self.shell.settings
        if settings.query_history and not settings.read_only:
            sent = sent_query(server, body, result)
            # Whoever cannot write a history can still query.
            with suppress(ServiceError):
                await ask(self, query_history.remember, settings.state_dir, *server.history, sent)

    def _result_text(self, key: str, body: str, result: QueryResult) -> Text:
        if result.ok:
            return answer_text(result)
        info = self._infos.get(key) or ModelInfo("")
        checked = key in self._infos and len(body) <= CHECKED
        return failure_text(result, body, info.signature, is_checked=checked)

    def _show_answer(self, key: str, body: str | None, text: Text) -> None:
        self.query_one(AnswerBox).keep(key, body, text)
        if key == self._key:
            self._update_answer()

    def _update_answer(self) -> None:
        self.query_one(AnswerBox).show(self._key, self.request, is_awaited=self.is_sending)
