"""A folder that serves the ONNX model with nothing but Python, onnxruntime and numpy."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx

from ..problem import Problem, in_words, say
from .rows import feeds

if TYPE_CHECKING:
    from .exported_model import Export

FILES = Path(__file__).parent / "bundle_files"
"""What is copied: the server, the Dockerfile, the words for whoever finds the folder."""
SUMS = "SHA256SUMS"
"""The manifest, as ``sha256sum -c`` takes it."""


def refuse_existing(output: str) -> None:
    """Raise ``Problem`` where the folder is there, or cannot be."""
    path = Path(output)
    if path.exists() or path.is_symlink():
        raise Problem(f"{path} exists. Delete it, or name another folder.")
    if not path.parent.is_dir():
        raise Problem(f"There is no folder {path.parent} for the bundle.")


def write_bundle(plan: dict[str, Any], found: Export, uri: str) -> None:
    """Write the folder, whole or not at all. Raises ``Problem``."""
    output = Path(plan["output"])
    unfinished = output.with_name(f"{output.name}.partial")
    try:
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir()
        _fill(unfinished, plan, found, uri)
        refuse_existing(plan["output"])
        unfinished.replace(output)
    except OSError as error:
        raise Problem(f"{output} cannot be written: {in_words(error)}.") from None
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    say(f"Bundle: {output}. Start it: {sys.executable} {output / 'serve.py'}")


def _fill(folder: Path, plan: dict[str, Any], found: Export, uri: str) -> None:
    onnx.save(found.model, str(folder / "model.onnx"))
    request = _example(found)
    words = {
        "@TITLE@": plan["title"],
        "@PYTHON@": f"{sys.version_info.major}.{sys.version_info.minor}",
    }
    for path in FILES.iterdir():
        if path.is_file() and path.name != "__init__.py":
            text = path.read_text("utf-8")
            for word, value in words.items():
                text = text.replace(word, value)
            (folder / path.name).write_text(text, "utf-8")
    pinned = [f"{name}=={version(name)}\n" for name in ("numpy", "onnxruntime")]
    (folder / "requirements.txt").write_text("".join(pinned))
    told = {"model": plan["title"], "source": plan["address"], "onnx_model": uri} | found.tags()
    _write_json(folder / "about.json", told)
    _write_json(folder / "example.json", {"request": request, "response": _answer(found)})
    files = sorted(path for path in folder.iterdir() if path.name != SUMS)
    sums = (f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files)
    (folder / SUMS).write_text("".join(sums))


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=1, default=str) + "\n", "utf-8")


def _example(found: Export) -> dict[str, Any]:
    if found.columns.is_tensor:
        return {"inputs": np.asarray(found.sample, np.float64).tolist()}
    names = list(found.columns.names)
    data = [
        [
            _plain(value, is_text=name in found.columns.texts)
            for name, value in zip(names, row, strict=True)
        ]
        for row in found.sample.itertuples(index=False)
    ]
    return {"dataframe_split": {"columns": names, "data": data}}


def _plain(value: Any, *, is_text: bool) -> Any:
    if value is None or value != value:  # noqa: PLR0124 - NaN is missing, too
        return None
    return str(value) if is_text else float(value)


def _answer(found: Export) -> dict[str, Any]:
    import onnxruntime

    session = onnxruntime.InferenceSession(
        found.model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    ranks = {each.name: len(each.shape) for each in session.get_inputs()}
    names = [each.name for each in session.get_outputs()]
    answered = session.run(names, feeds(found.sample, found.columns, ranks))
    columns = [each.tolist() for each in answered]
    return {
        "predictions": [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
    }
