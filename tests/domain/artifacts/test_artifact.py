"""The files of a run."""

import pytest

from mlops_tui.domain.artifacts.artifact import Artifact, ArtifactRef, check_path, decode
from mlops_tui.domain.errors import InvalidInput


@pytest.mark.parametrize("path", ["", "a", "a/b.txt", "..a/b..", "a/...", "[/tmp]"])
def test_a_path_below_its_root_passes(path: str) -> None:
    assert check_path(path) == path


@pytest.mark.parametrize("path", ["..", "../a", "a/../..", "/a"])
def test_a_path_that_leads_out_is_refused(path: str) -> None:
    with pytest.raises(InvalidInput, match="leads out of its folder"):
        check_path(path)


def test_a_character_cut_in_half_is_replaced() -> None:
    found = decode("a.txt", "grün".encode()[:3], 5)
    assert (found.text, found.is_truncated, found.is_binary) == ("gr�", True, False)


def test_a_binary_file_has_no_text() -> None:
    found = decode("a.png", b"\x89PNG\0", 5)
    assert (found.text, found.is_truncated, found.is_binary) == ("", False, True)


def test_an_artifact_is_called_by_the_last_part_of_its_path() -> None:
    assert Artifact("plots/roc.png", is_dir=False).name == "roc.png"


def test_an_artifact_has_the_address_that_mlflow_takes() -> None:
    assert ArtifactRef("r1", "a/b.txt").uri == "runs:/r1/a/b.txt"
    assert ArtifactRef("r1", "", "m-1", "forest").uri == "models:/m-1"
    assert ArtifactRef("r1", "MLmodel", "m-1", "forest").uri == "runs:/r1/forest/MLmodel"
    assert ArtifactRef("r1", "", "m-1", "forest").name == "forest"
    assert ArtifactRef("r1", "a/b.txt").name == "b.txt"
