"""The tree of a run's files."""

from textual.message import Message
from textual.widgets import Tree
from textual.widgets.tree import TreeNode

from mlops_tui.domain.artifacts.artifact import Artifact, ArtifactRef
from mlops_tui.domain.byte_size import bytes_size
from mlops_tui.tui.keys.places import bindings
from mlops_tui.tui.words.formatting import plain

Place = tuple[ArtifactRef, bool]
"""The file or folder; whether it is a folder."""


class ArtifactTree(Tree[Place], inherit_bindings=False):
    """Folders to be opened, files to be looked at, moved in like every list."""

    BINDINGS = [*bindings("tree")]

    class Opened(Message):
        """Enter was pressed on a file."""

    def add(self, parent: TreeNode[Place], ref: ArtifactRef, artifact: Artifact) -> None:
        """Add a file or folder."""
        label = plain(ref.name if ref.path else f"{ref.name} (model)")
        if artifact.size is not None and not artifact.is_dir:
            label.append(f"  {bytes_size(artifact.size)}", "dim")
        parent.add(label, data=(ref, artifact.is_dir), allow_expand=artifact.is_dir)

    @property
    def cursor_place(self) -> Place | None:
        """What is under the cursor."""
        return self.cursor_node.data if self.cursor_node else None

    def action_open(self) -> None:
        """Open the folder, or tell that the file is to be seen."""
        if self.cursor_place and not self.cursor_place[1]:
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
