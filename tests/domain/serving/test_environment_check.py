import pytest

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.serving.environment_check import (
    EnvironmentCheck,
    EnvManager,
    Mismatch,
    parse_env_manager,
    read_mismatches,
)


def test_each_mismatch_names_package_what_is_wanted_and_what_is_here() -> None:
    check = EnvironmentCheck(
        "/env/python",
        read_mismatches(
            [["scikit-learn", "==1.5.2", "1.9.1"], ["petals", "", ""], ["a\x1b[2Jb", "x" * 999, ""]]
        ),
    )
    assert check.lines[:2] == ("scikit-learn ==1.5.2 (1.9.1 here)", "petals (missing here)")
    assert "\x1b" not in check.lines[2]
    assert len(check.lines[2]) < 200
    assert check.sentence.startswith("3 requirements are not met by /env/python: scikit-learn ==1")
    one = EnvironmentCheck("python", (Mismatch("petals", "", ""),))
    assert one.sentence.startswith("1 requirement is not met by python")


def test_what_was_not_checked_is_said() -> None:
    assert "what the model requires" in EnvironmentCheck("python").sentence
    assert EnvironmentCheck("python", unchecked="it is away.").sentence.endswith("it is away.")


@pytest.mark.parametrize("told", [None, {}, [1], [["a", "b"]], [["a", "b", None]]])
def test_another_answer_is_no_list_of_mismatches(told: object) -> None:
    with pytest.raises(TypeError):
        read_mismatches(told)  # type: ignore[arg-type]


def test_an_environment_manager_is_named_as_mlflow_does() -> None:
    assert parse_env_manager("") is EnvManager.LOCAL
    assert parse_env_manager(" UV ").needs == "uv"
    assert (EnvManager.VIRTUALENV.needs, EnvManager.LOCAL.needs) == ("pyenv", "")
    with pytest.raises(InvalidInput, match="'conda' makes no environment"):
        parse_env_manager("conda")
