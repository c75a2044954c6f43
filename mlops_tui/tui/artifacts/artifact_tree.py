"""The tree of a run's files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, ParamSpec

from rich.text import Text
from textual import on, work
from textual.message import Message
from textual.widgets import Tree
from textual.widgets.tree import TreeNode

from mlops_tui.domain.artifacts.artifact import Artifact, ArtifactRef
from mlops_tui.domain.byte_size import bytes_size
from mlops_tui.domain.errors import ServiceError, Unreachable
from mlops_tui.domain.runs.run import RunDetail
from mlops_tui.services.artifacts import artifacts
from mlops_tui.tui.artifacts.artifact_keys import TREE
from mlops_tui.tui.kit.formatting import plain
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.service_call import ask
from mlops_tui.tui.shell import shell_of

P = ParamSpec("P")


class ArtifactNode(NamedTuple):
    """A file or a folder."""

    ref: ArtifactRef
    is_folder: bool


class ArtifactTree(Tree[ArtifactNode], inherit_bindings=False):
    """Folders, which are read when they are opened, with their files, moved in like every list."""

    BINDINGS = [*bindings(TREE)]

    class Opened(Message):
        """Enter was pressed on a file."""

    @dataclass
    class NotListed(Message):
        """A folder could not be listed."""

        ref: ArtifactRef
        reason: str

    def __init__(self, run_id: str) -> None:
        super().__init__("artifacts")
        self.show_root = False
        self.guide_depth = 2
        self._root_ref = ArtifactRef(run_id, "")
        self._goal = ""
        """The URI of the model that the cursor is to go to as soon as it is listed."""
        self._unlisted: dict[ArtifactRef, str] = {}
        """Folders that cannot be listed, with the reason."""

    async def load(self, detail: RunDetail) -> bool:
        """List the root and the open folders; raises ``ServiceError``.

        Return False where the root cannot be listed any more, so that all stays as it was.
        """
        run_id, store = self._root_ref.run_id, shell_of(self).settings.store
        listed = await self._list(self._root_ref, artifacts.list_artifacts, store, run_id)
        if listed is None and self.root.children:
            return False
        files = [(ArtifactRef(run_id, each.path), each) for each in listed or ()]
        models = [
            (ArtifactRef(run_id, "", model.model_id, model.name), Artifact("", is_dir=True))
            for model in detail.models
            if model.model_id
        ]
        self._show(self.root, [*files, *models])
        for node in self._open_folders() if self.is_on_screen else ():
            await self._fill(node)
        self._place_cursor()
        self._reach_goal()
        return True

    async def _fill(self, node: TreeNode[ArtifactNode]) -> None:
        """List a folder."""
        if node.data is None:
            return
        folder, store = node.data.ref, shell_of(self).settings.store
        listed = await self._list(folder, artifacts.listed, store, folder, folder.path)
        if listed is None:
            self.post_message(self.NotListed(folder, self._unlisted[folder]))
            return
        run_id, model = folder.run_id, (folder.model_id, folder.model_name)
        self._show(node, [(ArtifactRef(run_id, each.path, *model), each) for each in listed])

    async def _list(
        self,
        folder: ArtifactRef,
        listing: Callable[P, Sequence[Artifact]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Sequence[Artifact] | None:
        """Return what a folder holds; None where it cannot be listed, for a reason that is kept."""
        try:
            listed = await ask(self, listing, *args, **kwargs)
        except Unreachable:
            raise  # the screen says it: all that it shows is old then
        except ServiceError as error:
            self._unlisted[folder] = str(error)
            return None
        self._unlisted.pop(folder, None)
        return listed

    def _show(
        self, parent: TreeNode[ArtifactNode], listed: Sequence[tuple[ArtifactRef, Artifact]]
    ) -> None:
        """Show what is in a folder now; the cursor stays on what it is on."""
        nodes = {node.data.ref: node for node in parent.children if node.data}
        refs = {ref for ref, _ in listed}
        for ref, node in nodes.items():
            if ref not in refs:
                node.remove()
        for index, (ref, artifact) in enumerate(listed):
            label = _label(ref, artifact)
            if ref not in nodes:
                before = index if index < len(parent.children) else None
                data = ArtifactNode(ref, artifact.is_dir)
                parent.add(label, data=data, before=before, allow_expand=artifact.is_dir)
            elif nodes[ref].label != label:
                nodes[ref].set_label(label)

    def _open_folders(self) -> list[TreeNode[ArtifactNode]]:
        """Return the folders whose files are in view."""
        pending, folders = list(self.root.children), []
        while pending:
            node = pending.pop()
            if node.is_expanded and node.allow_expand:
                folders.append(node)
                pending += node.children
        return folders

    @on(Tree.NodeExpanded)
    @work(group="folder")
    async def _expanded(self, event: Tree.NodeExpanded[ArtifactNode]) -> None:
        try:
            await self._fill(event.node)
        except ServiceError as error:
            if event.node.data:
                self.post_message(self.NotListed(event.node.data.ref, str(error)))

    def why_unlisted(self, folder: ArtifactRef | None = None) -> str:
        """Return why a folder, or the root, cannot be listed; nothing where it can."""
        root_reason = self._unlisted.get(self._root_ref, "")
        return self._unlisted.get(folder, root_reason) if folder else root_reason

    def go_to(self, model: str) -> None:
        """Open a model's folder, now or as soon as it is listed."""
        self._goal = model
        self.focus()
        self._reach_goal()

    def _reach_goal(self) -> None:
        for node in self.root.children:
            if node.data is not None and node.data.ref.uri == self._goal:
                self._goal = ""
                self.move_cursor(node)
                node.expand()
                return

    def on_focus(self) -> None:
        """Show where the cursor is."""
        self._place_cursor()

    def _place_cursor(self) -> None:
        """Put the cursor on the first line once it has the focus: a file there is then read."""
        if self.has_focus and self.cursor_line < 0 and self.root.children:
            self.cursor_line = 0

    @property
    def current(self) -> ArtifactNode | None:
        """What is under the cursor."""
        return self.cursor_node.data if self.cursor_node else None

    def action_open(self) -> None:
        """Open the folder, or tell that the file is to be seen."""
        if self.current and not self.current.is_folder:
            self.post_message(self.Opened())
        else:
            self.action_select_cursor()

    def action_fold(self) -> None:
        """Close the folder, else go to the one that the file is in."""
        node = self.cursor_node
        if node and node.is_expanded and node.allow_expand:
            node.collapse()
        elif node and node.parent and node.parent is not self.root:
            self.action_cursor_parent()

    def action_unfold(self) -> None:
        """Open the folder."""
        if self.cursor_node and self.cursor_node.allow_expand:
            self.cursor_node.expand()


def _label(ref: ArtifactRef, artifact: Artifact) -> Text:
    label = plain(ref.name if ref.path else f"{ref.name} (model)")
    if artifact.size is not None and not artifact.is_dir:
        label.append(f"  {bytes_size(artifact.size)}", "dim")
    return label
