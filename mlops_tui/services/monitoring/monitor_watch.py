"""What the process of a monitor does: looks for whole chunks, works each out, writes it down."""

import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from mlops_tui.domain.drift.drift_report import DriftReport
from mlops_tui.domain.errors import NotFound, ServiceError
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.version_choice import chosen_version
from mlops_tui.domain.monitoring import conditions
from mlops_tui.domain.monitoring.chunk import ChunkResult
from mlops_tui.domain.monitoring.chunking import Chunk, Chunking, Piece
from mlops_tui.domain.monitoring.monitor import MonitorPlan, SourceKind
from mlops_tui.domain.monitoring.monitor_verdict import verdict
from mlops_tui.domain.plain_text import counted, one_line
from mlops_tui.domain.store import Store
from mlops_tui.services.models.registry import list_versions
from mlops_tui.services.monitoring import chunk_rows, monitor_folder, monitor_runs
from mlops_tui.services.monitoring.alert_keeping import AlertKeeping
from mlops_tui.services.monitoring.capture_source import CaptureSource
from mlops_tui.services.monitoring.chunk_table import ID, SampledRows
from mlops_tui.services.monitoring.chunk_work import ChunkWork, WorkedOut
from mlops_tui.services.monitoring.file_source import FileSource
from mlops_tui.services.monitoring.label_book import LabelBook
from mlops_tui.services.monitoring.model_answers import AskedModel
from mlops_tui.services.monitoring.monitor_runs import HEARD, HOST, VERDICT, MonitorRun
from mlops_tui.services.monitoring.monitor_setup import captures_of
from mlops_tui.services.monitoring.reference_rows import read_reference
from mlops_tui.services.serving.captures import FOLDER

AHEAD = conditions.BEHIND + 1
"""Whole chunks that are gathered before they are worked out."""
CATCHING_UP = 120.0
"""Seconds of work after which a monitor is behind where chunks still wait."""
HEARTBEAT = 300.0
"""Seconds after which MLflow is told that the monitor runs, where no chunk tells it."""


class MonitorWatch:
    """One monitor at work; raises ``ServiceError`` where it cannot get on now."""

    def __init__(
        self, store: Store, state_dir: Path, run: MonitorRun, said: Callable[[str], None]
    ) -> None:
        self._store = store
        self._state_dir = state_dir
        self.plan: MonitorPlan = run.plan
        self._say = said
        self._runs: dict[str, MonitorRun] = {}
        self._recent: dict[str, tuple[ChunkResult, ...]] = {}
        self._works: dict[str, ChunkWork] = {}
        self._remarks: dict[str, tuple[str, ...]] = {}
        self._pending: deque[Chunk] = deque()
        self._book = LabelBook()
        self._to_work_again: set[tuple[str, int]] = set()
        self._alerts = AlertKeeping(store, state_dir, run.plan)
        self._heard_at = 0.0
        self._version = run.version
        self._source = self._new_source()
        self._chunking = Chunking(
            self.plan.chunk, SampledRows, run.version, follows=self.plan.follows != ""
        )
        self._position: object = None

    def begin(self) -> None:
        """Read from MLflow where to go on: behind the chunk that was written last."""
        runs = monitor_runs.list_runs(self._store, self.plan.monitor_id)
        if not runs:
            raise NotFound(f"The monitor {self.plan.title} is not in {self._store.label}.")
        for run in runs:
            self._runs[run.version] = run
            self._recent[run.version] = monitor_runs.read_recent(self._store, run)
        last = next((run for run in runs if run.chunk), None)
        self._position = monitor_runs.read_position(self._store, last) if last else None
        for run in runs:
            for number in chunk_rows.kept_chunks(
                self._state_dir, self.plan.monitor_id, run.version
            ):
                self._note_rows(run.version, number)

    def look(self) -> int:
        """Work out what has come since the last look; return the number of new chunks."""
        counted, begun = 0, time.monotonic()
        is_behind = was_behind = False
        self._resolve()
        pieces = iter(self._source.pieces(self._position))
        while True:
            self._gather(pieces)
            if not self._pending:
                break
            while self._pending:
                # What has come while the monitor was stopped is caught up with in a while.
                is_late = time.monotonic() - begun > CATCHING_UP
                is_behind = is_late and len(self._pending) > conditions.BEHIND
                was_behind = was_behind or is_behind
                self._status(is_behind=is_behind)
                self._count(self._pending[0])
                self._pending.popleft()
                counted += 1
            self._status(is_behind=is_behind)
        self._labels_came()
        self._alerts.look(self._run(self._version), is_behind=was_behind)
        self._heartbeat()
        self._status()
        return counted

    @property
    def rows_waiting(self) -> int:
        """Rows that were read and are of no chunk that counts."""
        return self._chunking.open.count + sum(chunk.count for chunk in self._pending)

    def note_retraining(self, sentence: str) -> None:
        """Keep the alert about retraining: what a person should know of it, empty for nothing."""
        self._alerts.of_retraining(self._run(self._version), sentence)

    def note_problem(self, problem: str) -> None:
        """Write down, on this machine, why the monitor does not get on."""
        self._status(problem=problem)

    def _gather(self, pieces: Iterable[Piece]) -> None:
        """Read on until some chunks are whole, or nothing is left."""
        for piece in pieces:
            self._position = piece.after
            self._pending += self._chunking.feed(piece)
            if len(self._pending) >= AHEAD:
                return
        self._pending += self._chunking.end_stretch(monitor_folder.now())

    def _count(self, chunk: Chunk) -> None:
        version = chunk.version or self._version
        run = self._run(version)
        number = run.chunk + 1
        found = self._worked_out(version, number, chunk)
        result = self._with_kept_rows(version, found)
        recent = (*self._recent.get(version, ()), result.light())[-monitor_runs.MOST_RECENT :]
        tags, begun = self._alerts.after_chunk(run, recent)
        tags |= {
            VERDICT: verdict(recent),
            HOST: monitor_folder.host(),
            HEARD: str(monitor_folder.now()),
        }
        monitor_runs.write_chunk(self._store, run, result, recent, tags, chunk.after)
        self._alerts.tell(begun)
        self._runs[version] = monitor_runs.reread(self._store, run)
        self._recent[version] = recent
        self._version = version
        self._heard_at = time.monotonic()
        self._say(f"v{version} chunk {number}: {verdict(recent)}")

    def _worked_out(self, version: str, number: int, chunk: Chunk) -> WorkedOut:
        work = self._work(version)
        table = chunk.rows.table()  # type: ignore[attr-defined]
        ids = table[ID].to_pylist() if ID in table.column_names else []
        try:
            labels = self._book.labels_of(map(str, ids))
            return work.work_out(number, chunk, table, labels)
        except ServiceError:
            raise
        except Exception as error:  # noqa: BLE001 - rows may hold anything; the chunk counts
            self._say(traceback.format_exc())
            reason = one_line(f"{type(error).__name__}: {error}", 200)
            remark = f"it could not be worked out: {reason}"
            report = DriftReport((), 0, chunk.count, 0, 0)
            begins, ends = chunk.begins_at, chunk.ends_at
            result = ChunkResult(number, begins, ends, chunk.count, 0, report, remark=remark)
            return WorkedOut(result, table)

    def _with_kept_rows(self, version: str, found: WorkedOut) -> ChunkResult:
        number = found.result.number
        try:
            chunk_rows.write_rows(
                self._state_dir, self.plan.monitor_id, version, number, found.rows
            )
        except (OSError, ValueError) as error:
            remark = f"its rows are not kept here: {one_line(str(error), 120)}"
            both = "; ".join(filter(None, (found.result.remark, remark)))
            return replace(found.result, remark=both)
        self._note_rows(version, number, found.rows)
        return found.result

    def _note_rows(self, version: str, number: int, table: object = None) -> None:
        rows = table
        if rows is None:
            rows = chunk_rows.read_rows(self._state_dir, self.plan.monitor_id, version, number)
        if rows is not None and ID in rows.column_names:  # type: ignore[attr-defined]
            ids = rows[ID].to_pylist()  # type: ignore[index]
            self._book.note_rows(version, number, map(str, ids))

    def _labels_came(self) -> None:
        """Work the chunks again whose rows have other labels than before."""
        new: set[str] = set()
        if self.plan.source is SourceKind.CAPTURES:
            new |= self._book.read_captured(self._folders())
        own = monitor_folder.folder_of(self._state_dir, self.plan.monitor_id)
        new |= self._book.read_captured([own])
        if self.plan.labels:
            new |= self._book.read_file(Path(self.plan.labels))
        self._to_work_again.update(self._book.chunks_of(new))
        for version, number in sorted(self._to_work_again):
            self._work_again(version, number)
            self._to_work_again.discard((version, number))

    def _work_again(self, version: str, number: int) -> None:
        run = self._runs.get(version)
        rows = chunk_rows.read_rows(self._state_dir, self.plan.monitor_id, version, number)
        if run is None or rows is None or not 0 < number <= run.chunk:
            return
        before = monitor_runs.read_chunk(self._store, run, number)
        labels = self._book.labels_of(map(str, rows[ID].to_pylist()))
        result = self._work(version).with_labels(before, rows, labels)
        if result == before:
            return
        recent = tuple(
            result.light() if each.number == number else each for each in self._recent[version]
        )
        tags, begun = self._alerts.after_chunk(run, recent)
        tags[VERDICT] = verdict(recent)
        monitor_runs.rewrite_chunk(self._store, run, result, recent, tags, monitor_folder.now())
        self._alerts.tell(begun)
        self._recent[version] = recent
        self._say(f"v{version} chunk {number}: {result.labels:,} labels; {verdict(recent)}")

    def _work(self, version: str) -> ChunkWork:
        if version not in self._works:
            folder = monitor_folder.made(self._state_dir, self.plan.monitor_id)
            entry = self._entry(version)
            asked = AskedModel(entry, self.plan.python, folder)
            reference = read_reference(self._store, self.plan, entry, asked)
            self._works[version] = ChunkWork(self.plan, asked, reference)
            said = f"Compared with {reference.origin}, {reference.parts.inputs.num_rows:,} rows."
            self._remarks[version] = (said, *reference.remarks)
            self._say(f"v{version}: {' '.join(self._remarks[version])}")
        return self._works[version]

    def _entry(self, version: str) -> ModelVersion:
        return chosen_version(
            list_versions(self._store, self.plan.model), self.plan.model, f"/{version}"
        )

    def _run(self, version: str) -> MonitorRun:
        if version not in self._runs:
            tags = {HOST: monitor_folder.host()}
            self._runs[version] = monitor_runs.open_run(self._store, self.plan, version, tags)
        return self._runs[version]

    def _resolve(self) -> None:
        """Find the version that a file's rows are of now; captured requests name theirs."""
        if self.plan.follows and self.plan.source is not SourceKind.CAPTURES:
            versions = list_versions(self._store, self.plan.model)
            self._version = chosen_version(versions, self.plan.model, self.plan.follows).version

    def _new_source(self) -> CaptureSource | FileSource:
        if self.plan.source is SourceKind.CAPTURES:
            return CaptureSource(self._folders, self.plan.model)
        is_table = self.plan.source is SourceKind.TABLE
        return FileSource(Path(self.plan.path), self.plan.chunk.rows, is_table=is_table)

    def _folders(self) -> Sequence[Path]:
        """Return where the endpoints of the model capture; there may be more at each look."""
        found = captures_of(self._state_dir, self._store, self.plan.model)
        wanted = [each for each in found if self.plan.endpoint in ("", each.process_id)]
        return [self._state_dir / each.kind / each.process_id / FOLDER for each in wanted]

    def _heartbeat(self) -> None:
        if time.monotonic() - self._heard_at > HEARTBEAT or not self._heard_at:
            tags = {HEARD: str(monitor_folder.now()), HOST: monitor_folder.host()}
            monitor_runs.set_tags(self._store, self._run(self._version).run_id, tags)
            self._heard_at = time.monotonic()

    def _status(self, problem: str = "", *, is_behind: bool = False) -> None:
        source = self._source
        told = list(self._remarks.get(self._version, ()))
        if isinstance(source, FileSource):
            told += [f"Not read: {why}" for why in islice(source.problems.values(), 3)]
            if source.growing:
                told.append(f"Still being written: {counted(source.growing, 'file')}.")
        elif source.lost:
            told.append("Captured requests were removed before they were read.")
        status = monitor_folder.MonitorStatus(
            rows_waiting=self.rows_waiting,
            last_look_at=monitor_folder.now(),
            problem=problem or self._book.problem,
            remarks=tuple(told),
            is_behind=is_behind,
        )
        monitor_folder.write_status(self._state_dir, self.plan.monitor_id, status)
