"""What is known of a version of a data set, one fact a line."""

from rich.text import Text

from mlops_tui.domain.data.dataset_version import DatasetVersion, source_text
from mlops_tui.domain.data.file_state import FileState, SourceFile
from mlops_tui.domain.plain_text import one_line
from mlops_tui.tui.kit.facts import facts
from mlops_tui.tui.kit.formatting import plain, timestamp

SHOWN = 300
"""Characters of a fact."""

STYLES = {FileState.SAME: "green", FileState.CHANGED: "yellow", FileState.GONE: "yellow"}


def facts_of_version(version: DatasetVersion, file: SourceFile | None, remark: str) -> Text:
    """Return what is known of a version, and of the ``file`` it came from once that was looked at.

    ``remark`` says which versions are left out.
    """
    models = ", ".join(map(str, version.models))
    known = {
        "digest": plain(version.digest),
        "at": Text(one_line(source_text(version.source), SHOWN)),
        "file": _file(file) if file else Text(""),
        "dvc": plain(f"tracked by {file.dvc}" if file and file.dvc else ""),
        "source": plain(version.source_type),
        "used": Text(f"{timestamp(version.first_used_at)} to {timestamp(version.last_used_at)}"),
        "trained": Text(one_line(models, SHOWN) or "no registered model", "" if models else "dim"),
        "left out": Text(remark, "yellow"),
    }
    return facts(known)


def _file(file: SourceFile) -> Text:
    if file.state is FileState.ELSEWHERE:
        return Text("")
    why = f": {one_line(file.why, SHOWN)}" if file.why else ""
    return Text(f"{file.state}{why}", STYLES.get(file.state, ""))
