"""Renews the generated parts of README.md."""

import os
import re
from pathlib import Path
from unittest.mock import patch

from mlops_tui import settings
from mlops_tui.cli.parser import parser
from mlops_tui.tui import keymap

README = Path(__file__).parents[1] / "README.md"


def parts() -> dict[str, str]:
    """Return the generated parts by the name in their markers."""
    with patch.dict(os.environ, COLUMNS="80"):
        usage = parser().format_usage()
    return {
        "usage": f"```\n{usage.strip()}\n```",
        "settings": settings.settings_table().strip(),
        "keys": keymap.key_table().strip(),
    }


def between(name: str) -> re.Pattern[str]:
    """Return what finds a part between its markers."""
    return re.compile(rf"(?<=<!-- {name} -->\n).*?(?=\n<!-- end of {name} -->)", re.DOTALL)


def main() -> None:
    """Write each part between its markers."""
    text = README.read_text(encoding="utf-8")
    for name, part in parts().items():
        text = between(name).sub(lambda _, part=part: f"\n{part}\n", text)  # type: ignore[misc]
    README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
