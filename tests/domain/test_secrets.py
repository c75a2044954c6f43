"""Secrets inside of texts."""

import pytest

from mlops_tui.domain.secrets import looks_secret, secret_values, without_named

HUSH = "hu5h-hu5h"


@pytest.mark.parametrize(
    "text",
    [
        "Max retries exceeded with url: http://ann:{}@host:5000/api?token={}",
        "(psycopg2.OperationalError) postgresql+psycopg2://ann:{}@db/ml (Background on this error)",
        "connection failed: host=db user=ann password={} dbname=ml",
        "{{'Authorization': 'Basic {}', 'Accept': '*/*'}}",
        "Authorization: Bearer {}",
        'config {{"wandb": {{"api_key": "{}"}}}}',
        "environ({{'MLFLOW_TRACKING_PASSWORD': '{}', 'HF_TOKEN': '{}'}})",
        "aws_secret_access_key = {}",
        "password='{} with blanks'",
        "accessToken: {}",
    ],
)
def test_what_is_named_as_a_secret_is_hidden_in_a_text(text: str) -> None:
    shown = without_named(text.format(HUSH, HUSH))
    assert HUSH not in shown
    assert "***" in shown


@pytest.mark.parametrize(
    "text",
    [
        "KeyError: 'loss'",
        "UNIQUE constraint failed: metrics.key, metrics.step",
        "tokens: 512, tokenizer=bert, author: ann",
        "max_tokens=4096",
        "Traceback (most recent call last):",
    ],
)
def test_the_rest_of_a_text_stays(text: str) -> None:
    assert without_named(text) == text


def test_a_name_of_several_words_written_as_one_speaks_of_a_secret() -> None:
    assert all(map(looks_secret, ("accessToken", "openaiApiKey", "++api_key", "~wandb.token")))
    assert not looks_secret("maxTokens")


def test_values_of_variables_are_looked_for_where_they_are_no_common_words() -> None:
    assert secret_values({"HF_TOKEN": "abcdefgh", "MY_KEY": "lr", "PATH": "/usr/bin:/bin"}) == (
        "abcdefgh",
    )
