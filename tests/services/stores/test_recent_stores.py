"""The stores that were opened lately."""

import json
from pathlib import Path

from mlops_tui.domain.store import Store
from mlops_tui.services.stores import recent_stores
from mlops_tui.services.stores.recent_stores import FILE, MOST


def test_the_latest_store_comes_first_and_each_stands_once(tmp_path: Path) -> None:
    one, other = Store("http://one:1", name="one"), Store("sqlite:////srv/two.db")
    for store in (one, other, one):
        recent_stores.remember(tmp_path, store)
    assert recent_stores.read(tmp_path) == (one, other)


def test_no_secret_is_written(tmp_path: Path) -> None:
    recent_stores.remember(tmp_path, Store("postgresql://me:secret@db/x?sslpassword=secret"))
    text = (tmp_path / FILE).read_text()
    assert "postgresql://db/x" in text
    assert "secret" not in text


def test_only_so_many_are_kept(tmp_path: Path) -> None:
    for number in range(MOST + 5):
        recent_stores.remember(tmp_path, Store(f"http://host:{number + 1}"))
    found = recent_stores.read(tmp_path)
    assert len(found) == MOST
    assert found[0] == Store(f"http://host:{MOST + 5}")


def test_a_file_that_makes_no_sense_is_an_empty_list(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("junk")
    assert recent_stores.read(tmp_path) == ()
    odd = [7, {"tracking_uri": 7}, {"tracking_uri": "http://a:1", "name": ["x"]}]
    (tmp_path / FILE).write_text(json.dumps({"stores": [*odd, {"tracking_uri": "http://b:1"}]}))
    assert recent_stores.read(tmp_path) == (Store("http://b:1"),)
    (tmp_path / FILE).write_text(json.dumps({"stores": "http://a:1"}))
    assert recent_stores.read(tmp_path) == ()
    recent_stores.remember(tmp_path, Store("http://c:1"))
    assert recent_stores.read(tmp_path) == (Store("http://c:1"),)
