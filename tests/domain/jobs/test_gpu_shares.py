import pytest

from mlops_tui.domain.jobs.gpu_shares import free_gpus, shares


@pytest.mark.parametrize(
    ("gpus", "taken", "wanted", "found"),
    [
        ("", "", 1, ""),
        ("01", "", 1, "0"),
        ("01", "0", 1, "1"),
        ("01", "01", 1, "0"),
        ("01", "001", 1, "1"),
        ("23", "00", 1, "2"),
        ("0123", "1", 2, "02"),
        ("0123", "1", 9, "023"),
        ("01", "01", 9, "0"),
        ("01", "", 0, "0"),
    ],
)
def test_a_job_gets_free_gpus_else_the_one_on_which_the_fewest_run(
    gpus: str, taken: str, wanted: int, found: str
) -> None:
    assert "".join(free_gpus(tuple(gpus), tuple(taken), wanted)) == found


@pytest.mark.parametrize(
    ("gpus", "count", "dealt"),
    [
        ("", 3, []),
        ("0123", 1, ["0123"]),
        ("0123", 2, ["01", "23"]),
        ("01234", 3, ["0", "12", "34"]),
        ("01", 2, ["0", "1"]),
        ("01", 4, ["0", "1", "0", "1"]),
    ],
)
def test_gpus_are_dealt_out_evenly(gpus: str, count: int, dealt: list[str]) -> None:
    assert ["".join(each) for each in shares(tuple(gpus), count)] == dealt
