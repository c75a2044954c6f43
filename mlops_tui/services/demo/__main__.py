"""The process of the demo's story: ``python -m mlops_tui.services.demo STATE_DIR FOLDER``."""

import os
import sys
from pathlib import Path

from mlops_tui.domain.errors import ServiceError
from mlops_tui.services.demo.story import Scene, say, tell
from mlops_tui.services.processes import child_environment
from mlops_tui.services.store.store import prepare_environment


def main(state_dir: Path, folder: Path) -> None:
    """Tell the story; end with 1 and the reason where a step fails."""
    prepare_environment()
    try:
        tell(Scene(child_environment.store_of(os.environ), state_dir, folder))
    except ServiceError as error:
        say(f"The story ends here: {error}")
        sys.exit(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
