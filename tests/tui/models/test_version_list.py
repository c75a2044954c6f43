"""The versions of a model."""

from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.stage import Stage
from mlops_tui.tui.models.version_list import VersionList, details


def test_a_version_that_is_not_ready_says_so_with_the_servers_words() -> None:
    failed = ModelVersion(
        "Iris",
        "2",
        Stage.NONE,
        status="FAILED_REGISTRATION",
        status_message="no space \x1b[2Jleft",
        description="second try",
    )
    pending = ModelVersion("Iris", "3", Stage.NONE, status="PENDING_REGISTRATION")
    ready = ModelVersion("Iris", "1", Stage.NONE, description="first")
    known = VersionList(lambda: None)
    known.confirm([pending, failed, ready])
    cells = {number: known.cell(number, "description") for number in "123"}
    assert cells["2"].plain == "✗ FAILED_REGISTRATION: no space left · second try"
    assert cells["3"].plain == "✗ PENDING_REGISTRATION"
    assert cells["1"].plain == "first"
    assert "no space left" in details(failed).plain
    assert "status" not in details(ready).plain
