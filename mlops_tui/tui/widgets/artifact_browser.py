"""The files of a run, as a tree with a preview."""

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Static, Tree
from textual.widgets.tree import TreeNode

from mlops_tui.domain.artifact import Artifact, ArtifactText
from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.plain_text import lines, one_line
from mlops_tui.domain.run import RunDetail
from mlops_tui.services import artifacts
from mlops_tui.tui.formatting import bytes_size, plain
from mlops_tui.tui.room import ask, room_of

Place = tuple[str, Artifact]
"""The model id (empty for a run artifact) with the file or folder."""


class ArtifactBrowser(Horizontal):
    """Folders are read when they are opened; a file's text is shown beside the tree."""

    DEFAULT_CSS = """
    ArtifactBrowser Tree { width: 40%; max-width: 48; }
    ArtifactBrowser VerticalScroll { width: 1fr; padding: 0 1; }
    """

    def __init__(self, run_id: str) -> None:
        super().__init__()
        self.run_id = run_id
        self._models: dict[str, str] = {}
        self._is_read = False

    def compose(self) -> ComposeResult:
        """Put the tree beside the text."""
        tree: Tree[Place] = Tree("artifacts")
        tree.show_root = False
        tree.guide_depth = 2
        yield tree
        with VerticalScroll():
            yield Static("Pick a file to read it.", id="preview", markup=False)

    async def load(self, detail: RunDetail) -> None:
        """Read the root again; raises ``ServiceError``."""
        tree = self.query_one(Tree)
        room = room_of(self)
        found = await ask(self, artifacts.list_artifacts, room.settings.store, self.run_id)
        models = {model.model_id: model.name for model in detail.models if model.model_id}
        known = {node.data[1].path for node in tree.root.children if node.data}
        for artifact in found:
            if artifact.path not in known:
                self._add(tree.root, "", artifact)
        for model_id, name in models.items():
            if model_id not in self._models:
                label = plain(f"{name} (model)")
                tree.root.add(label, data=(model_id, Artifact("", is_dir=True)))
        self._models = models
        if not tree.root.children:
            self.query_one("#preview", Static).update("This run has no artifacts.")

    def _add(self, parent: TreeNode[Place], model_id: str, artifact: Artifact) -> None:
        label = plain(artifact.name)
        if artifact.size is not None and not artifact.is_dir:
            label.append(f"  {bytes_size(artifact.size)}", "dim")
        parent.add(label, data=(model_id, artifact), allow_expand=artifact.is_dir)

    @on(Tree.NodeExpanded)
    @work(group="folder")
    async def _open_folder(self, event: Tree.NodeExpanded[Place]) -> None:
        node = event.node
        if node.data is None or node.children:
            return
        model_id, folder = node.data
        room = room_of(self)
        store = room.settings.store
        try:
            if model_id:
                found = await ask(
                    self, artifacts.list_model_artifacts, store, model_id, folder.path
                )
            else:
                found = await ask(self, artifacts.list_artifacts, store, self.run_id, folder.path)
        except ServiceError as error:
            self._show(plain(str(error), "bold"))
            return
        for artifact in found:
            self._add(node, model_id, artifact)

    @on(Tree.NodeHighlighted)
    @work(group="preview", exclusive=True)
    async def _read(self, event: Tree.NodeHighlighted[Place]) -> None:
        if event.node.data is None or event.node.data[1].is_dir:
            return
        model_id, artifact = event.node.data
        self._show(Text("reading…", "dim"))
        room = room_of(self)
        try:
            text = await ask(
                self,
                artifacts.read_artifact,
                room.settings.store,
                self.run_id,
                artifact.path,
                model_id=model_id,
            )
        except ServiceError as error:
            self._show(plain(str(error), "bold"))
        else:
            self._show(preview(text))

    def _show(self, text: Text) -> None:
        self.query_one("#preview", Static).update(text)
        self.query_one(VerticalScroll).scroll_home(animate=False)

    def copyable(self) -> str:
        """Return the path under the cursor."""
        node = self.query_one(Tree).cursor_node
        return node.data[1].path if node and node.data else ""


def preview(artifact: ArtifactText) -> Text:
    """Return the text of a file below a line that says what of it is shown."""
    path, size = one_line(artifact.path), bytes_size(artifact.size)
    if artifact.is_binary:
        return Text(f"{path}: binary, {size}. It is not shown.")
    cut = ", the beginning" if artifact.is_truncated else ""
    head = Text().append(f"{path}: {size}{cut}\n\n", "dim")
    return head + Text("\n".join(lines(artifact.text)))
