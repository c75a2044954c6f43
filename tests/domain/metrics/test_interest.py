"""Which metrics are looked at first."""

import pytest

from mlops_tui.domain.metrics.interest import Interest, by_interest, interest_in


@pytest.mark.parametrize(
    ("key", "interest"),
    [
        *((key, Interest.VALIDATION) for key in ("val_acc", "valLoss", "eval_f1")),
        ("test/f1", Interest.TEST),
        *((key, Interest.LOSS) for key in ("loss", "train_loss_epoch", "training_log_loss")),
        *((key, Interest.OTHER) for key in ("accuracy", "latest_reward", "steps_to_goal")),
        *((key, Interest.PACE) for key in ("lr-Adam/pg1", "learning_rate", "epoch", "grad_norm")),
        *((key, Interest.PACE) for key in ("eval_runtime", "eval_samples_per_second")),
        ("system/test_gpu", Interest.SYSTEM),
        ("Ωμέγα", Interest.OTHER),
    ],
)
def test_the_words_of_a_metric_say_how_soon_it_is_looked_at(key: str, interest: Interest) -> None:
    assert interest_in(key) is interest


def test_validation_comes_before_loss_before_the_rate_before_the_machine() -> None:
    keys = ("lr", "accuracy", "system/cpu", "loss", "val_acc")
    assert by_interest(dict.fromkeys(keys, 5)) == (
        "val_acc",
        "loss",
        "accuracy",
        "lr",
        "system/cpu",
    )


def test_what_few_runs_have_comes_behind_what_many_have() -> None:
    counts = {"test_auc": 1, "accuracy": 100, "val_acc": 60, "system/cpu": 100}
    assert by_interest(counts) == ("val_acc", "accuracy", "test_auc", "system/cpu")
    assert by_interest({}) == ()
