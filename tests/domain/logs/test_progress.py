"""How far a job is."""

import pytest

from mlops_tui.domain.logs.progress import Progress, last_progress, progress_of


@pytest.mark.parametrize(
    ("line", "progress"),
    [
        (
            " 45%|████▌     | 450/1000 [00:10<00:12, 45.00it/s]",
            Progress(450, 1000, "", "45.00it/s", 12),
        ),
        (
            "Epoch 3:  50%|#####     | 1.5k/3k [1:00:10<1:00:12, 2.3s/it, loss=0.1]",
            Progress(1500, 3000, "Epoch 3", "2.3s/it", 3612),
        ),
        (
            "train:   0%|          | 0/10 [00:00<?, ?it/s]",
            Progress(0, 10, "train", "", None),
        ),
        (
            "120/1875 [=>............] - ETA: 5s - loss: 0.3",
            Progress(120, 1875, "", "", 5),
        ),
        (
            "120/1875 ━━━━━━━━━━━━━━━━━━━━ 1:05 3ms/step - accuracy: 0.9",
            Progress(120, 1875, "", "3ms/step", 65),
        ),
        ("[epoch 3/10] loss 0.3", Progress(3, 10, "epoch")),
        ("INFO Step: 7 of 9", Progress(7, 9, "Step")),
    ],
)
def test_a_state_is_read(line: str, progress: Progress) -> None:
    assert progress_of(line) == progress


@pytest.mark.parametrize(
    "line",
    ["", "2026/11/24 10:00", "loss 3/0", "step 5/0", "epoch 11/10", "50%|x| ./. [00:01<00:02, x]"],
)
def test_what_is_no_progress_is_none(line: str) -> None:
    assert progress_of(line) is None


def test_the_last_state_counts_and_the_whole_of_nested_bars() -> None:
    lines = [
        "epoch 1/5",
        "noise",
        "epochs:  40%|████      | 2/5 [00:10<00:15, 5.0s/it]",
        "  batch:  10%|█         | 3/30 [00:01<00:09, 3.0it/s]",
        "saved",
    ]
    found = last_progress(lines)
    assert found is not None
    assert (found.done, found.total, found.share) == (2, 5, 0.4)
    assert last_progress(["epoch 2/5", "noise"]) == Progress(2, 5, "epoch")
    assert last_progress(["epoch 2/5", *["noise"] * 50]) is None
    assert last_progress([" 10%|# | 1/10 [00:01<00:09, 1it/s]"]) is not None
