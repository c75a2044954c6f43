"""Where a download goes."""

from pathlib import Path

import pytest

from mlops_tui.domain.artifacts.artifact import ArtifactRef
from mlops_tui.domain.artifacts.download import equivalent, target_path
from mlops_tui.domain.errors import InvalidInput

HERE = Path("/data")


@pytest.mark.parametrize(
    ("typed", "target"),
    [
        ("x.csv", "/data/x.csv"),
        ("sub/x.csv", "/data/sub/x.csv"),
        ("/tmp/x.csv", "/tmp/x.csv"),
        ("sub/", "/data/sub/name"),
        (".", "/data/name"),
        ("..", "/data/../name"),
        ("a b; rm", "/data/a b; rm"),
    ],
)
def test_a_path_is_taken_from_the_working_directory(typed: str, target: str) -> None:
    assert target_path(typed, "name", HERE) == Path(target)


def test_the_tilde_is_the_home() -> None:
    assert target_path("~/x", "name", HERE) == Path.home() / "x"


@pytest.mark.parametrize("typed", ["", "  ", "a\0b"])
def test_what_is_no_path_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput, match=r"Type a path|has no NUL"):
        target_path(typed, "name", HERE)


def test_the_equivalent_fetches_into_the_folder() -> None:
    ref = ArtifactRef("r1", "plots/it's.png")
    assert "artifact_uri=\"runs:/r1/plots/it's.png\", dst_path='out'" in equivalent(ref, "out/x")
    assert "dst_path='model'" in equivalent(ArtifactRef("r1", "", "m-1", "forest"), "model")
