"""Asks what a version is exported to, and on which rows the two are compared."""

from collections.abc import Iterable
from dataclasses import replace

from textual import on
from textual.widget import Widget
from textual.widgets import Input, Label, Select, Static

from mlops_tui.domain.edge.export import BUNDLE, ONNX, ExportRequest
from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.plain_text import one_line
from mlops_tui.tui.kit.dialog import Dialog
from mlops_tui.tui.kit.field import Field

WHAT = (("an ONNX model in MLflow", ONNX), ("that, and a folder that serves it", BUNDLE))
LABELS = {
    "data": "Hold-out: a CSV or Parquet file; empty: of the gate, else of the run",
    "output": "Folder of the bundle, in {folder}",
    "register_as": "Registered model that gets it as a version; empty: none",
}


class ExportDialog(Dialog[ExportRequest]):
    """Shows the command line that does the same."""

    def __init__(self, version: ModelVersion, offered: ExportRequest, reason: str = "") -> None:
        super().__init__(f"Export {version.name} v{version.version}")
        self._version = version
        self._offered = offered
        self._reason = reason

    def compose_body(self) -> Iterable[Widget]:
        """Ask for the target, the hold-out, the folder of a bundle, and the name."""
        offered = self._offered
        yield Label("It becomes")
        yield Select(WHAT, value=offered.to, allow_blank=False, compact=True, id="to")
        yield Label(LABELS["data"])
        yield Field(offered.data, compact=True, id="data")
        yield Label(LABELS["output"].format(folder=one_line(str(offered.folder), 200)))
        yield Field(offered.output, compact=True, id="output")
        yield Label(LABELS["register_as"])
        hint = f"for example {one_line(self._version.name, 60)}-onnx"
        yield Field(offered.register_as, placeholder=hint, compact=True, id="register_as")
        yield Static(markup=False, classes="explain")

    @on(Input.Changed)
    @on(Select.Changed)
    def _show_equivalent(self) -> None:
        """Show the command; why it was refused before, until something is changed."""
        request = self._request()
        self.query_one("#output", Input).disabled = request.to != BUNDLE
        self.query_one(".explain", Static).update(one_line(self.equivalent(), 600))
        self.refuse(self._reason if request == self._offered else "")

    @on(Input.Submitted)
    def _confirm(self) -> None:
        request = self._request()
        try:
            request.check()
        except InvalidInput as error:
            self.refuse(str(error))
            return
        self.dismiss(request)

    def _request(self) -> ExportRequest:
        text = {name: self.query_one(f"#{name}", Input).value.strip() for name in LABELS}
        return replace(
            self._offered,
            to=str(self.query_one("#to", Select).value),
            data=text["data"],
            output=text["output"],
            register_as=text["register_as"],
        )

    def equivalent(self) -> str:
        """Return the command line that does the same."""
        request = self._request()
        try:
            request.check()
        except InvalidInput:
            return ""
        return request.command()
