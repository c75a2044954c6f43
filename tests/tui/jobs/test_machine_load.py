from dataclasses import replace

import pytest

from mlops_tui.domain.machine.machine_load import Amount, BoxLoad, CpuTimes, GpuLoad
from mlops_tui.tui.jobs.machine_load import load_line

GIB = 1 << 30
BOX = BoxLoad(
    cpu=0.28,
    cores=16,
    memory=Amount(20 * GIB, 62 * GIB),
    disk=Amount(920_000_000_000, 1_000_000_000_000),
    gpus=(),
    cpu_times=CpuTimes(0, 0),
)
GPU = GpuLoad(0.98, Amount(12 * GIB, 24 * GIB))


def with_gpus(*gpus: GpuLoad) -> BoxLoad:
    return replace(BOX, gpus=gpus)


@pytest.mark.parametrize(
    ("load", "width", "line"),
    [
        (BOX, 78, "CPU 28% of 16   memory 32% of 62 GiB   disk 92%!, 80.0 GB free"),
        (
            with_gpus(GPU),
            78,
            "CPU 28%  mem 32%  disk 92%!, 80.0 GB free  GPU 98%! mem 50% of 24 GiB",
        ),
        (
            with_gpus(GPU, replace(GPU, busy=None)),
            78,
            "CPU 28%  mem 32%  disk 92%!, 80.0 GB free  GPU0 98%! mem 50%  GPU1 – mem 50%",
        ),
        (
            with_gpus(*[GPU] * 8),
            78,
            "CPU 28%  mem 32%  disk 92%!, 80.0 GB free  8 GPUs 98%! mem 50%",
        ),
        (
            with_gpus(*[GPU] * 7, GpuLoad(0.98, Amount(23 * GIB, 24 * GIB))),
            78,
            "CPU 28%  mem 32%  disk 92%!, 80.0 GB free  8 GPUs 98%! mem 56%, one 96%!",
        ),
        (
            with_gpus(GpuLoad(0.5, None)),
            118,
            "CPU 28% of 16   memory 32% of 62 GiB   disk 92%!, 80.0 GB free   GPU 50%",
        ),
        (replace(BOX, disk=None), 78, "CPU 28% of 16   memory 32% of 62 GiB"),
        (BOX, 5, "CPU 28%  mem 32%  disk 92%!, 80.0 GB free"),
    ],
)
def test_the_line_is_the_longest_form_that_fits(load: BoxLoad, width: int, line: str) -> None:
    assert load_line(load, width).plain == line


def test_a_high_share_has_a_colour_beside_its_sign() -> None:
    line = load_line(with_gpus(GPU), 78)
    marked = {line.plain[span.start : span.end]: span.style for span in line.spans}
    assert marked["92%!"] == "bold red"
    assert marked["98%!"] == "bold yellow"
    assert "28%" not in marked
