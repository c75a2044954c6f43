"""The files of a run: a tree beside a preview of the one under the cursor."""

from collections.abc import Callable, Coroutine
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.events import DescendantFocus
from textual.widgets import Tree

from mlops_tui.domain.artifacts.artifact import ArtifactRef
from mlops_tui.domain.runs.run import RunDetail
from mlops_tui.tui.artifacts.artifact_keys import ARTIFACTS
from mlops_tui.tui.artifacts.artifact_tree import ArtifactNode, ArtifactTree
from mlops_tui.tui.artifacts.preview_pane import PreviewPane
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.pane import Pane

Action = Callable[[ControlScreen, ArtifactRef], Coroutine[Any, Any, None]]


class ArtifactBrowser(Pane):
    """The keys are about the file or folder under the cursor; enter gives a file the full width."""

    BINDINGS = bindings(ARTIFACTS)
    DEFAULT_CSS = """
    ArtifactBrowser {
        layout: horizontal;
        ArtifactTree { width: 40%; max-width: 48; }
        &.-enlarged ArtifactTree { display: none; }
    }
    """

    def __init__(self, run_id: str) -> None:
        super().__init__()
        self.files = ArtifactTree(run_id)
        self.preview = PreviewPane()
        self._previewed: ArtifactRef | None = None
        """The file or folder that the preview is about."""

    def compose(self) -> ComposeResult:
        """Put the tree beside the file."""
        yield self.files
        yield self.preview

    async def load(self, detail: RunDetail, *, anew: bool = False) -> None:
        """List the files; raises ``ServiceError``; ``anew`` reads the current one again too."""
        if not await self.files.load(detail):
            return
        current = self.files.current
        is_file = current is not None and not current.is_folder
        if anew and current and is_file:
            self.preview.read(current.ref)
        if reason := self.files.why_unlisted():
            if not is_file:
                self.preview.say(reason, "bold")
        elif not self.files.root.children:
            self.preview.say("This run has no artifacts.")

    def go_to(self, model: str) -> None:
        """Open a model's folder, now or as soon as it is listed."""
        self.files.go_to(model)

    @on(Tree.NodeHighlighted)
    def _highlighted(self, event: Tree.NodeHighlighted[ArtifactNode]) -> None:
        node = event.node.data
        if node is None or node.ref == self._previewed:
            return
        self._previewed = node.ref
        if node.is_folder:
            self.preview.stop_reading()
            reason = self.files.why_unlisted(node.ref)
            self.preview.say(reason or "A folder: enter opens it.", "bold" if reason else "dim")
        else:
            self.preview.say("reading…", "dim")
            self.preview.read(node.ref)

    @on(ArtifactTree.NotListed)
    def _not_listed(self, event: ArtifactTree.NotListed) -> None:
        if event.ref == self._previewed:
            self.preview.say(event.reason, "bold")

    def copyable(self) -> str:
        """Return the address of what is under the cursor."""
        current = self.files.current
        return current.ref.uri if current else ""

    def why_unavailable(self, action: str) -> str:
        """Leave escape to the screen while the tree has the focus."""
        if action == "leave" and self.files.has_focus:
            return "The tree has the focus already."
        return super().why_unavailable(action)

    @on(ArtifactTree.Opened)
    def _enlarge(self) -> None:
        self.add_class("-enlarged")
        self.preview.body.focus()

    def action_leave(self) -> None:
        """Go back to the tree."""
        self.remove_class("-enlarged")
        self.files.focus()

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Show the tree where it gets the focus."""
        if event.widget is self.files:
            self.remove_class("-enlarged")

    def action_download(self) -> None:
        """Write the file or folder to this machine's disk."""
        from mlops_tui.tui.artifacts.artifact_actions import download

        self._begin(download)

    def action_read_in_pager(self) -> None:
        """Read the file in the person's pager."""
        from mlops_tui.tui.artifacts.artifact_actions import read_in_pager

        self._begin(read_in_pager, only_files=True)

    def action_open_copy(self) -> None:
        """Open a copy of the file in the person's editor."""
        from mlops_tui.tui.artifacts.artifact_actions import open_copy

        self._begin(open_copy, only_files=True)

    def _begin(self, action: Action, *, only_files: bool = False) -> None:
        current = self.files.current
        if current is None:
            self.host.why_not("There is no artifact under the cursor.")
        elif only_files and current.is_folder:
            self.host.why_not("This is a folder: w writes it to disk.")
        else:
            self.host.begin(action(self.host, current.ref))
