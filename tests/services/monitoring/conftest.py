"""A registered version with reference rows and chunks of them; no model has to be loaded."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mlops_tui.domain.json_text import Json
from mlops_tui.domain.monitoring.monitor import ChunkSize, MonitorPlan, SourceKind
from mlops_tui.domain.monitoring.monitor_standing import MonitorStanding
from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord, ProcessState
from mlops_tui.domain.store import Store
from mlops_tui.services.monitoring import monitor_runs, monitors
from mlops_tui.services.monitoring.monitor_watch import MonitorWatch
from mlops_tui.services.processes import child_environment, records
from mlops_tui.services.store.store import client, ensure
from tests.making import unique

if TYPE_CHECKING:
    import pandas as pd

ABOUT = b"mlops_tui.reference"
MORNING = 1_750_000_000.0
"""Seconds since the epoch."""


def rows(count: int, shift: float = 0.0, seed: int = 0, *, flipped: bool = False) -> "pd.DataFrame":
    """Return rows with prediction, probabilities, label: right in nine of ten rows or so.

    Where they are ``flipped``, the label is mostly the other one: the inputs mean something else.
    """
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.normal(size=(count, 2)), columns=["width", "length"])
    frame["width"] += shift
    chance = 1 / (1 + np.exp(-4 * (frame["width"] + frame["length"])))
    label = (rng.random(count) < chance).astype(int)
    frame["prediction"] = (chance > 0.5).astype(int)
    frame["probability_0"], frame["probability_1"] = 1 - chance, chance
    frame["label"] = 1 - label if flipped else label
    return frame


@dataclass
class Watched:
    """A model with a reference, a folder of files, and captures as an endpoint writes them."""

    store: Store
    state_dir: Path
    folder: Path
    model: str
    said: list[str] = field(default_factory=list)
    written: int = 0

    @property
    def plan(self) -> MonitorPlan:
        return MonitorPlan(
            monitor_id=records.new_id(),
            title=self.model,
            model=self.model,
            version="1",
            source=SourceKind.FILES,
            path=str(self.folder / "in"),
            reference=str(self.folder / "reference.parquet"),
            created_at=1,
        )

    def create(self, **changes: Any) -> MonitorPlan:
        """Set a monitor up that is not started."""
        plan = replace(self.plan, **changes)
        monitors.create(self.store, self.state_dir, plan, starts=False)
        return plan

    def watch(self, plan: MonitorPlan) -> MonitorWatch:
        """Begin as the process of the monitor does at each start."""
        run = monitor_runs.list_runs(self.store, plan.monitor_id)[0]
        watch = MonitorWatch(self.store, self.state_dir, run, self.said.append)
        watch.begin()
        return watch

    def standing(self, plan: MonitorPlan, chunks: int = 100) -> MonitorStanding:
        return monitors.read(self.store, self.state_dir, plan.monitor_id, chunks)

    def add_file(self, name: str, frame: "pd.DataFrame") -> Path:
        """Add a file that is long finished to the folder."""
        import os

        path = self.folder / "in" / name
        path.parent.mkdir(exist_ok=True)
        if name.endswith(".parquet"):
            frame.to_parquet(path)
        elif name.endswith(".csv"):
            frame.to_csv(path, index=False)
        else:
            frame.to_json(path, orient="records", lines=True)
        os.utime(path, (MORNING, MORNING))
        return path

    def server(self) -> ProcessRecord:
        """Return the record of an endpoint that has captured; make it where there is none."""
        found = [*records.read_all(self.state_dir, ProcessKind.SERVER)]
        if found:
            return found[0]
        record = ProcessRecord(
            process_id=records.new_id(),
            kind=ProcessKind.SERVER,
            title=f"{self.model} v1",
            command=("serve",),
            cwd="/",
            environment=(),
            store=child_environment.absolute(self.store).label,
            created_at=1,
            state=ProcessState.STOPPED,
            details={"model": self.model, "version": "1"},
        )
        records.create(self.state_dir, record)
        return record

    def capture(self, frame: "pd.DataFrame", *, number: int = 1, **told: Any) -> list[str]:
        """Write each row as a captured request, as an endpoint does; return their ids."""
        record = self.server()
        folder = self.state_dir / record.kind / record.process_id / "captured"
        folder.mkdir(exist_ok=True)
        ids = []
        with (folder / f"capture-20270115T08-77-{number:06}.jsonl").open("a") as file:
            for row in frame.itertuples():
                self.written += 1
                ids.append(f"r{self.written}")
                data = {"columns": ["width", "length"], "data": [[row.width, row.length]]}
                answer = [[row.probability_0, row.probability_1]]
                line = {
                    "request_id": ids[-1],
                    "at": MORNING + self.written,
                    "seconds": 0.01,
                    "status": 200,
                    "model": self.model,
                    "version": "1",
                    "request": json.dumps({"dataframe_split": data}),
                    "response": json.dumps({"predictions": answer}),
                    **told,
                }
                file.write(json.dumps(line) + "\n")
        return ids

    def label(self, labels: Mapping[str, Json], at: float = 1.0) -> None:
        """Write labels as an endpoint does that was told them."""
        record = self.server()
        folder = self.state_dir / record.kind / record.process_id / "captured"
        with (folder / "labels-20270115T08-77-000001.jsonl").open("a") as file:
            for request_id, label in labels.items():
                line = {"request_id": request_id, "label": label, "taken_at": at}
                file.write(json.dumps(line) + "\n")


def write_reference(path: Path, frame: "pd.DataFrame") -> None:
    """Write a reference as the gate keeps it: with the classes of the probabilities."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(frame, preserve_index=False)
    about = json.dumps({"classes": [0, 1]}).encode()
    pq.write_table(table.replace_schema_metadata({ABOUT: about}), path)


def registered(store: Store, folder: Path) -> Watched:
    ensure(store)
    model = unique("trees")
    client(store).create_registered_model(model)
    client(store).create_model_version(model, "s3://nowhere/model")
    write_reference(folder / "reference.parquet", rows(2_000, seed=99))
    (folder / "in").mkdir()
    return Watched(store, folder / "state", folder, model)


@pytest.fixture
def watched(sqlite_store: Store, tmp_path: Path) -> Watched:
    return registered(sqlite_store, tmp_path)


@pytest.fixture
def captured(watched: Watched) -> Callable[..., MonitorPlan]:
    """Set a monitor up on captured requests."""

    def create(**changes: Any) -> MonitorPlan:
        watched.server()
        size = {"chunk": ChunkSize(rows=200), "source": SourceKind.CAPTURES, "path": ""}
        return watched.create(**{**size, **changes})

    return create
