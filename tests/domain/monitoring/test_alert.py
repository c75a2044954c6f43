"""Alerts are told once for each episode."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from mlops_tui.domain.monitoring.alert import (
    CALM,
    WAYS_ON,
    Alert,
    AlertKind,
    alert_of,
    next_alerts,
)

SUBJECT = Alert("", AlertKind.DRIFT, "iris", 1_000, "", monitor_id="m1", version="3")
LOOKED = (AlertKind.DRIFT, AlertKind.PERFORMANCE)


def test_an_episode_begins_once_and_keeps_its_beginning() -> None:
    alerts, begun = next_alerts((), {AlertKind.DRIFT: "age drifted"}, LOOKED, SUBJECT)
    assert [each.sentence for each in begun] == ["age drifted"]
    later = replace(SUBJECT, since=2_000)
    alerts, begun = next_alerts(alerts, {AlertKind.DRIFT: "age and sex drifted"}, LOOKED, later)
    assert begun == ()
    assert [(each.since, each.sentence) for each in alerts] == [(1_000, "age and sex drifted")]


def test_an_acknowledged_episode_stays_so_until_it_is_over() -> None:
    alerts, _ = next_alerts((), {AlertKind.DRIFT: "age"}, LOOKED, SUBJECT)
    alerts = (replace(alerts[0], acknowledged=True),)
    alerts, begun = next_alerts(alerts, {AlertKind.DRIFT: "age"}, LOOKED, SUBJECT)
    assert alerts[0].acknowledged
    assert not begun


def test_an_episode_is_over_after_calm_looks_in_a_row_and_the_next_one_is_told() -> None:
    alerts, _ = next_alerts((), {AlertKind.DRIFT: "age"}, LOOKED, SUBJECT)
    alerts, _ = next_alerts(alerts, {}, LOOKED, SUBJECT)
    assert len(alerts) == 1
    alerts, begun = next_alerts(alerts, {AlertKind.DRIFT: "age"}, LOOKED, SUBJECT)
    assert begun == ()
    for _ in range(CALM):
        alerts, _ = next_alerts(alerts, {}, LOOKED, SUBJECT)
    assert alerts == ()
    later = replace(SUBJECT, since=9_000)
    first, second = next_alerts(alerts, {AlertKind.DRIFT: "age"}, LOOKED, later)
    assert first == second
    assert len(first) == 1


def test_a_look_at_something_else_ends_no_episode() -> None:
    alerts, _ = next_alerts((), {AlertKind.ENDPOINT: "fails"}, (AlertKind.ENDPOINT,), SUBJECT)
    for _ in range(5):
        alerts, _ = next_alerts(alerts, {}, LOOKED, SUBJECT)
    assert [each.kind for each in alerts] == [AlertKind.ENDPOINT]


def test_each_kind_has_a_way_on() -> None:
    assert set(WAYS_ON) == set(AlertKind)
    for kind in AlertKind:
        way = replace(SUBJECT, kind=kind).way
        assert way
        assert all(key and what for key, what in way)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(list(SUBJECT.as_dict())), JSON) | JSON)
def test_what_somebody_else_wrote_is_an_alert_or_none(found: object) -> None:
    alert = alert_of(found)
    assert alert is None or alert_of(alert.as_dict()) == alert


def test_an_alert_comes_back_from_json() -> None:
    alert = replace(SUBJECT, alert_id="a", acknowledged=True, by="alice", calm=1, sentence="[red]")
    assert alert_of(alert.as_dict()) == alert
