from mlops_tui.domain.processes.process import ProcessState


def test_a_process_is_active_until_it_is_known_to_have_ended_or_is_lost() -> None:
    active = {state for state in ProcessState if state.is_active}
    assert active == {
        ProcessState.WAITING,
        ProcessState.STARTING,
        ProcessState.RUNNING,
        ProcessState.STOPPING,
        ProcessState.ELSEWHERE,
    }
