"""What the watcher and people do with rules and attempts, where nothing is trained."""

from dataclasses import replace

import pytest

from mlops_tui.domain.errors import Conflict, InvalidInput, NotFound, Unreachable
from mlops_tui.domain.models.registry_event import EventKind
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.processes.process import ProcessKind
from mlops_tui.domain.retraining.attempt import RetrainingAttempt, Step
from mlops_tui.domain.retraining.retraining_rule import Arrow, Paused
from mlops_tui.services.launchers import processes
from mlops_tui.services.models import history
from mlops_tui.services.processes import records
from mlops_tui.services.retraining import (
    attempt_runs,
    evaluation,
    retraining,
    retraining_rules,
    watcher,
)
from mlops_tui.services.retraining.retraining_rules import required_rule
from mlops_tui.services.store import store as stores
from tests.services.retraining.conftest import MODEL, Watched


def test_a_rule_that_fires_waits_for_a_person_who_may_decline(watched: Watched) -> None:
    watched.register()
    watched.drift(True)
    assert watched.look() == ""
    job = watched.job_that_ran()
    watched.set_rule(job.process_id)
    said = watched.look()
    assert said.startswith("Retraining of flowers waits for you before the step train. More than")
    assert watched.look() == said
    (attempt,) = watched.attempts()
    assert (attempt.step, attempt.retrained_from, attempt.job_id) == (Step.TRAIN, "1", "")
    found = retraining.read_retraining(watched.store, watched.state_dir, MODEL)
    assert found.sentence == "Its last attempt waits for a person to approve or decline it."
    assert found.underway == attempt
    declined = retraining.decline(watched.store, watched.state_dir, MODEL, "not now")
    assert declined.step is Step.STOPPED
    assert declined.sentence.endswith(": not now")
    run = stores.client(watched.store).get_run(attempt.attempt_id)
    assert run.info.status == "KILLED"
    assert watched.look() == ""
    assert len(watched.attempts()) == 1
    with pytest.raises(NotFound, match="No attempt to retrain flowers is underway"):
        retraining.approve(watched.store, watched.state_dir, MODEL)


def test_of_two_machines_one_begins_an_attempt(watched: Watched) -> None:
    watched.register()
    job = watched.job_that_ran()
    watched.set_rule(job.process_id)
    stored = required_rule(watched.store, MODEL)
    begun = evaluation.begin(watched.store, watched.state_dir, stored, "drift.", ())
    elsewhere = replace(begun, attempt_id="", owner="another machine")
    with pytest.raises(Conflict, match="Another attempt to retrain flowers was begun"):
        attempt_runs.begin(watched.store, elsewhere, stored.text, ())
    ended = attempt_runs.record(watched.store, replace(begun, step=Step.DONE))
    with pytest.raises(Conflict, match="Another attempt"):
        attempt_runs.begin(watched.store, elsewhere, stored.text, ())
    with pytest.raises(Conflict, match="was changed meanwhile"):
        attempt_runs.begin(watched.store, elsewhere, "launch = 1", (ended,))
    attempt_runs.begin(watched.store, elsewhere, stored.text, (ended,))
    assert watched.look() == ""
    assert [each.owner for each in watched.attempts()].count("another machine") == 1


def test_another_machine_may_approve_but_the_owner_goes_on(watched: Watched) -> None:
    watched.register()
    watched.drift(True)
    watched.set_rule(watched.job_that_ran().process_id)
    watched.look()
    there = watched.state_dir.with_name("elsewhere")
    approved = retraining.approve(watched.store, there, MODEL)
    assert approved.approved == {Arrow.TRAIN}
    assert approved.approved_by
    assert approved.job_id == ""


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"launch": "20200101-000000-ffff"}, "There is neither a job nor a run 20200101"),
        ({"argument": "rows"}, "has no parameter 'rows' for the data"),
        ({"monitor": "flowers"}, ""),
    ],
)
def test_a_rule_that_cannot_be_followed_is_told_and_ends_nothing(
    watched: Watched, changed: dict[str, str], sentence: str
) -> None:
    watched.register()
    watched.drift(True)
    watched.set_rule(watched.job_that_ran().process_id)
    before = required_rule(watched.store, MODEL).text
    lines = [
        f'{name} = "{changed[name]}"' if (name := line.partition(" =")[0]) in changed else line
        for line in before.splitlines()
    ]
    retraining_rules.write_rule(watched.store, MODEL, "\n".join(lines), before)
    assert sentence in watched.look()
    assert bool(watched.look()) == bool(sentence)
    assert watched.attempts() == ()


def test_a_job_that_was_given_no_file_is_not_launched_again(watched: Watched) -> None:
    watched.register()
    watched.drift(True)
    watched.set_rule(watched.job_that_ran(data="").process_id)
    assert "ran with an empty data" in watched.look()


def test_a_text_that_is_no_rule_is_told(watched: Watched) -> None:
    watched.register()
    stores.client(watched.store).set_registered_model_tag(MODEL, "mlops_tui.retraining", "k = 1")
    watched.drift(True)
    assert "its rule cannot be followed: launch is missing." in watched.look()
    found = retraining.read_retraining(watched.store, watched.state_dir, MODEL)
    assert found.sentence.startswith("The rule cannot be read: launch is missing.")
    with pytest.raises(InvalidInput, match="launch is missing"):
        retraining.begin_now(watched.store, watched.state_dir, MODEL)


def failed(watched: Watched, sentence: str) -> None:
    """Let a person begin an attempt, which fails for a reason; the watcher tells it."""
    attempt = retraining.begin_now(watched.store, watched.state_dir, MODEL)
    assert (attempt.step, attempt.failed_at) == (Step.FAILED, Step.TRAIN)
    assert sentence in attempt.sentence
    watched.drift(False)
    assert sentence in watched.look()


def test_data_that_has_gone_fails_the_attempt(watched: Watched) -> None:
    watched.register()
    watched.set_rule(watched.job_that_ran().process_id)
    (watched.folder / "base.csv").unlink()
    failed(watched, "There is no file")


def test_too_few_labels_fail_the_attempt(watched: Watched) -> None:
    watched.register()
    watched.set_rule(watched.job_that_ran().process_id, more="\n")
    (watched.folder / "new" / "one.csv").write_text("width,length,label\n1,2,0\n1,2,\n")
    failed(watched, "Only 1 new rows have labels; the rule asks for 10.")


def test_a_hold_out_that_cannot_be_kept_out_fails_the_attempt(watched: Watched) -> None:
    from mlops_tui.services.gate.gate_rules import write_rules

    watched.register()
    watched.set_rule(watched.job_that_ran().process_id)
    rule = '[[rule]]\nevaluate = "accuracy"\ndata = "gone.csv"\ntarget = "label"\nmin = 0.5\n'
    write_rules(watched.store, MODEL, Stage.PRODUCTION, rule, "")
    failed(watched, "The rows to validate on cannot be kept out of the training")


def test_the_record_of_a_job_that_was_removed_fails_the_attempt(watched: Watched) -> None:
    watched.register()
    job = watched.job_that_ran()
    watched.set_rule(job.process_id)
    attempt = begun(watched, job_id=watched.job_that_ran().process_id)
    processes.remove(watched.state_dir, ProcessKind.JOB, attempt.job_id)
    ended = retraining.go_on(watched.store, watched.state_dir, attempt)
    assert "The record of its training job was removed" in ended.sentence


def test_a_job_that_failed_or_logged_no_model_fails_the_attempt(watched: Watched) -> None:
    watched.register()
    job = watched.job_that_ran()
    watched.set_rule(job.process_id)
    attempt = begun(watched, job_id=job.process_id)
    ended = retraining.go_on(watched.store, watched.state_dir, attempt)
    assert ended.sentence == (
        "The training job ended well, but no finished run of it has logged a model."
    )
    bad = replace(watched.job_that_ran(), exit_code=1, reason="It ran out of memory.")
    records.write(watched.state_dir / ProcessKind.JOB / bad.process_id, bad)
    attempt = begun(watched, job_id=bad.process_id)
    ended = retraining.go_on(watched.store, watched.state_dir, attempt)
    assert ended.sentence == "The training job First failed: It ran out of memory."


def begun(watched: Watched, **fields: str) -> RetrainingAttempt:
    """Return an attempt that was begun, with some fields set."""
    stored = required_rule(watched.store, MODEL)
    attempt = evaluation.begin(watched.store, watched.state_dir, stored, "drift.")
    return attempt_runs.record(watched.store, replace(attempt, **fields))  # type: ignore[arg-type]


def test_without_a_gate_a_person_is_asked_though_all_was_given_away(watched: Watched) -> None:
    watched.register()
    made = watched.register(Stage.NONE)
    watched.drift(False)
    watched.set_rule(watched.job_that_ran().process_id, *Arrow)
    begun(watched, step=Step.GATE, version=made.version)
    said = watched.look()
    assert said.endswith("flowers has no gate: a person has to decide about v2.")
    assert watched.versions()["2"] is Stage.NONE
    moved = retraining.approve(watched.store, watched.state_dir, MODEL)
    assert (moved.step, moved.waits_for_person) == (Step.PRODUCTION, True)
    done = retraining.approve(watched.store, watched.state_dir, MODEL)
    assert done.step is Step.DONE
    assert watched.versions() == {"2": Stage.PRODUCTION, "1": Stage.ARCHIVED}


def test_an_alias_that_the_monitor_follows_moves_along(watched: Watched) -> None:
    watched = replace(watched, plan=replace(watched.plan, follows="@champion"))
    watched.register()
    made = watched.register(Stage.STAGING)
    watched.drift(False)
    stores.client(watched.store).set_registered_model_alias(MODEL, "champion", "1")
    watched.set_rule(watched.job_that_ran().process_id)
    begun(watched, step=Step.PRODUCTION, version=made.version)
    watched.look()
    retraining.approve(watched.store, watched.state_dir, MODEL)
    aliases = stores.client(watched.store).get_registered_model(MODEL).aliases
    assert {alias: str(number) for alias, number in aliases.items()} == {
        "champion": "2",
        "previous": "1",
    }
    told = [e for e in history.events(watched.store, MODEL) if e.kind is EventKind.ALIAS]
    assert [event.reason for event in told if not event.is_seen] == ["retraining rule: drift."]


def test_a_version_that_was_deleted_meanwhile_fails_the_attempt(watched: Watched) -> None:
    watched.register()
    watched.drift(False)
    watched.set_rule(watched.job_that_ran().process_id, *Arrow)
    begun(watched, step=Step.GATE, version="7")
    assert watched.look() == "Retraining of flowers failed. v7 of flowers was deleted."


def test_a_store_that_is_away_is_tried_again(
    watched: Watched, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    watched.register()
    watched.drift(True)

    def away(*_: object) -> None:
        raise Unreachable("The server does not answer.")

    with monkeypatch.context() as patched:
        patched.setattr(watcher, "read_rule", away)
        assert watched.look() == watched.look() == ""
    assert capfd.readouterr().err.count("The server does not answer.") == 1
    with monkeypatch.context() as patched:
        patched.setattr(watcher, "read_rule", lambda *_: 1 / 0)
        assert "the log of the monitor says why" in watched.look()


def test_paused_rules_neither_fire_nor_go_on_by_themselves(watched: Watched) -> None:
    watched.register()
    watched.drift(True)
    watched.set_rule(watched.job_that_ran().process_id, *Arrow)
    assert retraining_rules.pause_all(watched.store) == (MODEL,)
    assert retraining_rules.pause_all(watched.store) == ()
    assert watched.look() == ""
    assert watched.attempts() == ()
    made = watched.register(Stage.STAGING)
    begun(watched, step=Step.STAGING, version=made.version)
    assert "waits for you before the step staging" in watched.look()
    assert retraining_rules.resume_all(watched.store) == (MODEL,)
    rule = required_rule(watched.store, MODEL).rule
    assert rule is not None
    assert rule.paused is Paused.NO
    assert rule.since > 0
    retraining_rules.pause(watched.store, MODEL)
    assert retraining_rules.resume_all(watched.store) == ()
    retraining_rules.resume(watched.store, MODEL)
    told = [e for e in history.events(watched.store, MODEL) if e.kind.value == "retraining rule"]
    assert [e.reason for e in told] == ["resumed", "paused", "resumed", "paused", ""]


def test_a_rule_is_tried_over_the_recorded_chunks(watched: Watched) -> None:
    watched.register()
    watched.drift(False, True, True)
    watched.set_rule(watched.job_that_ran().process_id)
    rule = required_rule(watched.store, MODEL).rule
    assert rule is not None
    found = evaluation.try_out(watched.store, watched.state_dir, rule)
    assert found.chunks == 3
    assert len(found.firings) == 1
    assert found.training_time == 60_000
    with pytest.raises(NotFound, match="There is no monitor"):
        evaluation.try_out(watched.store, watched.state_dir, replace(rule, monitor_id="x"))


def test_a_rule_that_was_changed_meanwhile_is_not_overwritten(watched: Watched) -> None:
    watched.register()
    watched.set_rule("j")
    with pytest.raises(Conflict, match="was changed meanwhile"):
        retraining_rules.write_rule(watched.store, MODEL, "", "another")
    retraining_rules.write_rule(watched.store, MODEL, "", required_rule(watched.store, MODEL).text)
    assert retraining_rules.read_rule(watched.store, MODEL) is None
    found = retraining.read_retraining(watched.store, watched.state_dir, MODEL)
    assert found.sentence == "There is no rule: nothing is retrained."
    with pytest.raises(NotFound, match="has no retraining rule"):
        required_rule(watched.store, MODEL)


def test_what_the_version_before_did_is_no_reason_to_train_again(watched: Watched) -> None:
    watched.register()
    watched.drift(True)
    watched.set_rule(watched.job_that_ran().process_id)
    watched.register()  # another one is in Production now; no chunk is of it yet
    assert watched.look() == ""
    assert watched.attempts() == ()
