from mlops_tui.domain.serving.query_result import QueryResult, shortened


def test_only_status_200_is_a_prediction() -> None:
    assert QueryResult(200, 1.0, [1], "", 0).ok
    assert not QueryResult(400, 1.0, None, "", 0).ok


def test_a_long_text_keeps_both_ends() -> None:
    assert shortened("x" * 10, 10) == "x" * 10
    assert shortened("a" * 50 + "b" * 50, 20) == (
        "a" * 10 + "\n… 80 characters left out …\n" + "b" * 10
    )
