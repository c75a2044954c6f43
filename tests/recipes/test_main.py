import subprocess
import sys
from pathlib import Path

import pytest

from mlops_tui import recipes

PROGRAM = Path(recipes.__file__).with_name("__main__.py")


def run(*arguments: str, path: str = "") -> "subprocess.CompletedProcess[str]":
    """Run the program by a Python without site-packages: neither scikit-learn nor we are there."""
    command = [sys.executable, "-S", str(PROGRAM), *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, cwd="/")


def test_recipes_are_found_without_our_package_being_installed() -> None:
    done = run("magic", "--values", "{}")
    assert done.returncode == 2
    assert "there is no recipe 'magic'" in done.stderr


def test_the_packages_beside_ours_are_not_lent_to_the_job() -> None:
    done = run("bundled_data", "--values", '{"data_set": "iris", "estimator": "svc"}')
    assert done.returncode == 1
    assert "ModuleNotFoundError: No module named 'sklearn'" in done.stderr


def test_finding_a_recipe_imports_nothing_heavy() -> None:
    code = (
        "import sys; from mlops_tui import recipes; assert recipes.find('bundled_data');"
        "print({'sklearn', 'numpy', 'pandas', 'mlflow'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "set()\n"


def test_the_program_trains_what_the_command_line_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from mlops_tui.domain.jobs.recipe import Recipe
    from mlops_tui.recipes import __main__ as program

    recipe = Recipe("r", "R", (), train=print)
    monkeypatch.setattr(recipes, "find", {"r": recipe}.get)
    monkeypatch.setattr(sys, "argv", ["recipes", "r", "--values", '{"depth": null}'])
    program.main()
    assert capsys.readouterr().out == "{'depth': None}\n"


def test_a_folder_without_package_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mlops_tui.recipes import __main__ as program

    monkeypatch.delitem(sys.modules, "mlops_tui")
    monkeypatch.setattr(program, "__file__", str(tmp_path / "recipes" / "__main__.py"))
    with pytest.raises(FileNotFoundError, match="__init__"):
        program.make_importable()
