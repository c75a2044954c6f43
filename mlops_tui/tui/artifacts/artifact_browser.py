"""The files of a run, as a tree with a look into the one under the cursor."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, ParamSpec, cast

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.events import DescendantFocus
from textual.widgets import Tree
from textual.widgets.tree import TreeNode

from mlops_tui.domain.artifacts.artifact import Artifact, ArtifactRef
from mlops_tui.domain.artifacts.preview import ImagePreview
from mlops_tui.domain.errors import ServiceError, Unreachable
from mlops_tui.domain.runs.run import RunDetail
from mlops_tui.services.artifacts import artifacts, previews
from mlops_tui.tui.artifacts.artifact_keys import ARTIFACTS
from mlops_tui.tui.artifacts.artifact_tree import ArtifactTree, Place
from mlops_tui.tui.artifacts.preview_pane import PreviewPane
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.service_call import ask
from mlops_tui.tui.shell import shell_of

if TYPE_CHECKING:
    from mlops_tui.tui.kit.control_screen import ControlScreen

P = ParamSpec("P")
Files = tuple[Artifact, ...]

REST = 0.1
"""Seconds that the cursor rests on a file before it is read: holding a key down asks for none."""

Action = Callable[["ControlScreen", ArtifactRef], Coroutine[Any, Any, None]]


class ArtifactBrowser(Horizontal):
    """Folders are read when they are opened; enter gives a file the full width."""

    BINDINGS = bindings(ARTIFACTS)
    DEFAULT_CSS = """
    ArtifactBrowser {
        ArtifactTree { width: 40%; max-width: 48; }
        &.-enlarged ArtifactTree { display: none; }
    }
    """

    def __init__(self, run_id: str) -> None:
        super().__init__()
        self.run_id = run_id
        self._root = ArtifactRef(run_id, "")
        self._looked_at: ArtifactRef | None = None
        self._goal = ""
        """The URI of the model that the cursor is to go to as soon as it is listed."""
        self._unlisted: dict[ArtifactRef, str] = {}
        """Folders that cannot be listed, with the reason."""

    def compose(self) -> ComposeResult:
        """Put the tree beside the file."""
        tree = ArtifactTree("artifacts")
        tree.show_root = False
        tree.guide_depth = 2
        yield tree
        yield PreviewPane()

    @property
    def _tree(self) -> ArtifactTree:
        return self.query_one(ArtifactTree)

    @property
    def _pane(self) -> PreviewPane:
        return self.query_one(PreviewPane)

    async def load(self, detail: RunDetail, *, anew: bool = False) -> None:
        """Read the root again, and the folders that are open; raises ``ServiceError``.

        With ``anew``, the file under the cursor is read again too.
        """
        tree, store = self._tree, shell_of(self).settings.store
        found = await self._listed(self._root, artifacts.list_artifacts, store, self.run_id)
        if found is None and tree.root.children:
            return  # what was listed before stays, its folders too
        found = found or ()
        places = [(ArtifactRef(self.run_id, artifact.path), artifact) for artifact in found]
        places += [
            (ArtifactRef(self.run_id, "", model.model_id, model.name), Artifact("", is_dir=True))
            for model in detail.models
            if model.model_id
        ]
        tree.fill(tree.root, places)
        for node in tree.opened if tree.is_on_screen else ():
            await self._fill(node)
        self._find_cursor()
        self._reach_goal()
        place = tree.cursor_place
        if anew and place and not place[1]:
            self._read(place[0])
        if reason := self._unlisted.get(self._root):
            if not self._is_file_shown:
                self._pane.say(reason, "bold")
        elif not tree.root.children:
            self._pane.say("This run has no artifacts.")

    def go_to(self, model: str) -> None:
        """Open a model's folder, now or as soon as it is listed."""
        self._goal = model
        self._tree.focus()
        self._reach_goal()

    def _reach_goal(self) -> None:
        for node in self._tree.root.children:
            if node.data is not None and node.data[0].uri == self._goal:
                self._goal = ""
                self._tree.move_cursor(node)
                node.expand()
                return

    async def _listed(
        self, ref: ArtifactRef, listing: Callable[P, Files], *args: P.args, **kwargs: P.kwargs
    ) -> Files | None:
        """Return what a folder holds; None where it cannot be listed, for a reason that is kept."""
        try:
            found = await ask(self, listing, *args, **kwargs)
        except Unreachable:
            raise  # the screen says it: all that it shows is old then
        except ServiceError as error:
            self._unlisted[ref] = str(error)
            return None
        self._unlisted.pop(ref, None)
        return found

    @property
    def _is_file_shown(self) -> bool:
        place = self._tree.cursor_place
        return place is not None and not place[1]

    @on(Tree.NodeExpanded)
    @work(group="folder")
    async def _open_folder(self, event: Tree.NodeExpanded[Place]) -> None:
        try:
            await self._fill(event.node)
        except ServiceError as error:
            self._pane.say(str(error), "bold")

    async def _fill(self, node: TreeNode[Place]) -> None:
        if node.data is None:
            return
        ref = node.data[0]
        store = shell_of(self).settings.store
        found = await self._listed(ref, artifacts.listed, store, ref, ref.path)
        if found is None:
            if self._looked_at == ref:
                self._pane.say(self._unlisted[ref], "bold")
            return
        below = (ArtifactRef(self.run_id, a.path, ref.model_id, ref.model_name) for a in found)
        self._tree.fill(node, list(zip(below, found, strict=True)))

    @on(Tree.NodeHighlighted)
    def _highlighted(self, event: Tree.NodeHighlighted[Place]) -> None:
        if event.node.data is None:
            return
        ref, is_folder = event.node.data
        if ref == self._looked_at:
            return
        self._looked_at = ref
        if is_folder:
            self.workers.cancel_group(self, "preview")
            reason = self._unlisted.get(ref) or self._unlisted.get(self._root)
            self._pane.say(reason or "A folder: enter opens it.", "bold" if reason else "dim")
            return
        self._pane.say("reading…", "dim")
        self._read(ref)

    @work(group="preview", exclusive=True)
    async def _read(self, ref: ArtifactRef) -> None:
        await asyncio.sleep(REST)
        pane, store = self._pane, shell_of(self).settings.store
        try:
            found = await ask(self, previews.preview_artifact, store, ref, pane.room)
        except ServiceError as error:
            pane.say(str(error), "bold")
        else:
            await pane.show(found)

    def copyable(self) -> str:
        """Return the address of what is under the cursor."""
        place = self._tree.cursor_place
        return place[0].uri if place else ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave escape to the screen while the tree has the focus."""
        if action == "leave" and self._tree.has_focus:
            return False
        return super().check_action(action, parameters)

    @on(ArtifactTree.Opened)
    def _enlarge(self) -> None:
        self.add_class("-enlarged")
        self._pane.body.focus()

    def action_leave(self) -> None:
        """Go back to the tree."""
        self.remove_class("-enlarged")
        self._tree.focus()

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Show the tree where it gets the focus."""
        if event.widget is self._tree:
            self.remove_class("-enlarged")
            self._find_cursor()

    def _find_cursor(self) -> None:
        """Put the cursor on the first line once somebody looks: a file there is then read."""
        tree = self._tree
        if tree.has_focus and tree.cursor_line < 0 and tree.root.children:
            tree.cursor_line = 0

    @on(PreviewPane.Resized)
    def _fit_picture(self) -> None:
        """Have a picture made for its new place."""
        place = self._tree.cursor_place
        if place and isinstance(self._pane.shown, ImagePreview):
            self._read(place[0])

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
        screen, place = cast("ControlScreen", self.screen), self._tree.cursor_place
        if place is None:
            screen.why_not("There is no artifact under the cursor.")
        elif only_files and place[1]:
            screen.why_not("This is a folder: w writes it to disk.")
        else:
            screen.begin(action(screen, place[0]))
