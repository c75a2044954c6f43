"""A colleague in a process of its own, who changes a model when told to.

``python -m tests.services.models.registry_writer URI MODEL [DEATH]``: prints ``ready``; for each
version read from stdin it plans that promotion, prints ``planned``, waits for a line, carries it
out, prints what came of it. DEATH is the step before which it is killed.
"""

import os
import signal
import sys
from typing import Any

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.models.transition import plan_transition
from mlops_tui.domain.store import Store
from mlops_tui.services.models import recorder, registry_changes, stages
from mlops_tui.services.models.registry import list_versions
from mlops_tui.services.store.store import prepare_environment

STEPS: dict[str, tuple[Any, str]] = {
    "write": (stages, "apply"),
    "finish": (recorder.Recorder, "finish"),
}


def die(*_arguments: object, **_options: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(uri: str, model: str, death: str = "") -> None:
    prepare_environment()
    store = Store(uri)
    if death:
        setattr(*STEPS[death], die)
    list_versions(store, model)
    say("ready")
    for line in sys.stdin:
        versions = list_versions(store, model)
        plan = plan_transition(versions, line.strip(), Stage.PRODUCTION, archive_existing=True)
        say("planned")
        sys.stdin.readline()
        try:
            registry_changes.move(store, plan, reason="a test")
        except ServiceError as failure:
            say(f"refused: {failure.message}")
        else:
            say("won")


if __name__ == "__main__":
    main(*sys.argv[1:])
