import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from mlops_tui.services.serving.endpoint_program import requirements

LINES = """\
pytest=={0}
rich<1
petals==2
petals-of-windows; sys_platform == "win32"
-e ./local
https://example.com/a.whl
"""


def test_what_is_not_met_is_listed_and_what_is_no_requirement_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text(LINES.format(version("pytest")))
    (tmp_path / "python_env.yaml").write_text("python: 2.7.18\nbuild_dependencies:\n- pip\n")
    rich, here = version("rich"), ".".join(map(str, sys.version_info[:3]))
    lacking = [["rich", "<1", rich], ["petals", "==2", ""]]
    assert list(map(list, requirements.mismatches(tmp_path))) == lacking
    assert requirements.unmet(tmp_path) == [f"rich<1 ({rich} here)", "petals==2 (missing here)"]
    command = [sys.executable, requirements.__file__, str(tmp_path)]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    assert json.loads(told) == [["python", "2.7", here], *lacking]


def test_a_model_that_names_nothing_lacks_nothing(tmp_path: Path) -> None:
    assert requirements.mismatches(tmp_path) == []
    assert requirements.python_mismatches(tmp_path) == []
    (tmp_path / "python_env.yaml").write_text(
        f"python: {sys.version_info[0]}.{sys.version_info[1]}.0"
    )
    assert requirements.python_mismatches(tmp_path) == []
