"""What of a job's command is kept out of its record."""

from mlops_tui.domain.jobs.job_secrets import hidden_values, hidden_words
from mlops_tui.domain.jobs.recipe import Parameter, Value


def test_only_the_values_of_secret_parameters_are_hidden() -> None:
    parameters = (Parameter("api_key", "", "Key"), Parameter("rate", 0.1, "Rate"))
    values: dict[str, Value | None] = {"api_key": "s3cret", "rate": 0.5, "token": "none"}
    assert hidden_values(parameters, values) == {**values, "api_key": "***"}
    assert hidden_values(parameters, {"api_key": None}) == {"api_key": None}


def test_words_without_a_secret_stay_as_they_were_typed() -> None:
    typed = "--name  'a b'   --rate 0.5"
    assert hidden_words(typed) == typed


def test_the_word_after_a_secret_flag_is_hidden() -> None:
    assert hidden_words("--name 'a b' --api-key s3cret") == "--name 'a b' --api-key '***'"
    assert "s3cret" not in hidden_words("--api-key=s3cret  x")
