"""The tree of a run's files."""

from collections.abc import Sequence

from rich.text import Text
from textual.message import Message
from textual.widgets import Tree
from textual.widgets.tree import TreeNode

from mlops_tui.domain.artifacts.artifact import Artifact, ArtifactRef
from mlops_tui.domain.byte_size import bytes_size
from mlops_tui.tui.artifacts.artifact_keys import TREE
from mlops_tui.tui.kit.formatting import plain
from mlops_tui.tui.kit.key import bindings

Place = tuple[ArtifactRef, bool]
"""The file or folder; whether it is a folder."""


class ArtifactTree(Tree[Place], inherit_bindings=False):
    """Folders to be opened, files to be looked at, moved in like every list."""

    BINDINGS = [*bindings(TREE)]

    class Opened(Message):
        """Enter was pressed on a file."""

    def fill(self, parent: TreeNode[Place], listed: Sequence[tuple[ArtifactRef, Artifact]]) -> None:
        """Show what is in a folder now; the cursor stays on what it is on."""
        known = {node.data[0]: node for node in parent.children if node.data}
        wanted = {ref for ref, _ in listed}
        for ref, node in known.items():
            if ref not in wanted:
                node.remove()
        for place, (ref, artifact) in enumerate(listed):
            label = _label(ref, artifact)
            if ref not in known:
                before = place if place < len(parent.children) else None
                data = (ref, artifact.is_dir)
                parent.add(label, data=data, before=before, allow_expand=artifact.is_dir)
            elif known[ref].label != label:
                known[ref].set_label(label)

    @property
    def opened(self) -> list[TreeNode[Place]]:
        """The folders whose files are in view."""
        pending, found = list(self.root.children), []
        while pending:
            node = pending.pop()
            if node.is_expanded and node.allow_expand:
                found.append(node)
                pending += node.children
        return found

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


def _label(ref: ArtifactRef, artifact: Artifact) -> Text:
    label = plain(ref.name if ref.path else f"{ref.name} (model)")
    if artifact.size is not None and not artifact.is_dir:
        label.append(f"  {bytes_size(artifact.size)}", "dim")
    return label
