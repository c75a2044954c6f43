"""Stands for ``uv`` where no registry is: environments with all packages of ours, and one more."""

import sys
from pathlib import Path

PROGRAM = """\
#!{python}
import sys
from pathlib import Path

words, folder = sys.argv[1:], None
if words[0] == "venv":
    import venv

    folder = Path(words[1])
    venv.create(folder, symlinks=True)
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "ours.pth").write_text("\\n".join({paths!r}))
    info = site / "petals-2.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\\nName: petals\\nVersion: 2\\n")
    (site / "petals.py").write_text("COUNT = 2\\n")
else:
    assert words[:2] == ["pip", "install"], words
"""


def put_on_path(folder: Path) -> Path:
    """Write the program into a folder; return the folder, which goes on PATH."""
    folder.mkdir(parents=True)
    paths = [path for path in sys.path if path.endswith("site-packages")]
    program = folder / "uv"
    program.write_text(PROGRAM.format(python=sys.executable, paths=paths))
    program.chmod(0o755)
    return folder
