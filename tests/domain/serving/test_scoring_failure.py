import json

import pytest

from mlops_tui.domain.models.signature import ColumnSpec, Signature
from mlops_tui.domain.serving.payload import Payload, PayloadFormat
from mlops_tui.domain.serving.scoring_failure import ScoringFailure, beginning, explain, useful

NONE = Signature()
COLUMNS = Signature((ColumnSpec("f0", "double"), ColumnSpec("[red]", "double")))

ENFORCE = (
    "Failed to predict data '   0\n0  1'. \n"
    "Error: Failed to enforce schema of data '   0\n0  1' with schema '['f0': double]'. Error: "
)


def refusal(message: str, trace: str = "") -> str:
    body = {"error_code": "BAD_REQUEST", "message": message, "sqlstate": "KAM00"}
    return json.dumps({**body, "stack_trace": trace} if trace else body)


def test_the_cause_is_what_stands_after_the_last_error() -> None:
    body = refusal(ENFORCE + "Model is missing inputs ['f9'].")
    failure = explain(400, body, NONE)
    assert failure.sentence == "Model is missing inputs ['f9']."
    assert [(p.column, p.expected, p.got) for p in failure.problems] == [("f9", "a value", "")]


def test_the_cause_in_a_stack_trace_is_its_exception_not_the_advice_after_it() -> None:
    trace = (
        "Traceback (most recent call last):\n"
        '  File "x.py", line 1, in f\n'
        "    raise ValueError(text)\n"
        "ValueError: Input X contains NaN.\n"
        "LogisticRegression does not accept missing values encoded as NaN natively.\n"
        "See https://example.org/impute.html\n"
    )
    body = refusal("Encountered an unexpected error while evaluating the model.", trace)
    assert explain(400, body, NONE).sentence == "Input X contains NaN."


def test_of_chained_exceptions_the_last_one_counts() -> None:
    trace = "KeyError: 'a'\n\nDuring handling ...\n\nmlflow.exceptions.MlflowException: second\n"
    assert useful(refusal("m", trace)) == "second"


def test_a_value_that_cannot_be_converted_is_named_with_its_column() -> None:
    message = (
        "Invalid input. Data is not compatible with model signature. Failed to convert column "
        "[red] to type 'float64'. Error: 'ValueError(\"could not convert string to float: 'abc'\")'"
    )
    failure = explain(400, refusal(message), NONE)
    assert failure.sentence == "Column [red] cannot be made double: 'abc' is no number."
    (problem,) = failure.problems
    assert (problem.column, problem.expected, problem.got) == ("[red]", "double", "'abc'")


def test_another_reason_of_a_failed_conversion_is_kept() -> None:
    message = (
        "Failed to convert column t to type 'datetime64[ns]'. "
        "Error: 'DateParseError('Unknown datetime string format, unable to parse: yesterday')'"
    )
    assert explain(400, refusal(message), NONE).sentence == (
        "Column t cannot be made datetime: "
        "Unknown datetime string format, unable to parse: yesterday."
    )


@pytest.mark.parametrize(
    ("cause", "expected", "got"),
    [
        ("Shape of input (1, 9) does not match expected shape (-1, 10).", "(-1, 10)", "(1, 9)"),
        ("dtype of input int64 does not match expected dtype bool", "bool", "int64"),
        (
            "X has 9 features, but LogisticRegression is expecting 10 features as input.",
            "10 features",
            "9 features",
        ),
        ("10 columns passed, passed data had 9 columns", "10 columns", "9 columns"),
        (
            "The model signature declares 3 inputs  but the provided value only has 2 inputs.",
            "3 inputs",
            "2 inputs",
        ),
        (
            "Instead, the input DataFrame passed had 9 columns and an input shape of (-1, 10) with",
            "(-1, 10)",
            "9 columns",
        ),
        (
            "Incompatible input types for column c. Can not safely convert object to int64.",
            "long",
            "object",
        ),
    ],
)
def test_numbers_shapes_and_types_that_differ_are_told_apart(
    cause: str, expected: str, got: str
) -> None:
    (problem,) = explain(400, refusal(ENFORCE + cause), NONE).problems
    assert (problem.expected, problem.got) == (expected, got)


def test_names_the_server_lists_are_read_however_they_look() -> None:
    names = ["it's", "[red]", "a, b", 'q"']
    body = refusal(ENFORCE + f"Model is missing inputs {names}. Note that there were extra inputs")
    failure = explain(400, body, NONE)
    assert [problem.column for problem in failure.problems] == names
    broken = refusal(ENFORCE + "Model is missing inputs [a b.")
    assert explain(400, broken, NONE).problems == ()
    assert explain(400, refusal(ENFORCE + "Model is missing inputs [a b]."), NONE).problems == ()


def test_the_request_itself_tells_rows_and_columns_best() -> None:
    payload = Payload(PayloadFormat.INPUTS, [{"f0": 1, "[red]": "abc"}])
    body = refusal("Invalid input. could not convert string to float: 'abc'")
    failure = explain(400, body, COLUMNS, payload)
    assert failure.sentence == "could not convert string to float: 'abc'"
    assert [str(problem) for problem in failure.problems] == [
        'row 0, column [red]: expected double, got "abc".'
    ]


def test_advice_and_input_are_left_out_of_the_sentence() -> None:
    message = "The input must be a JSON dictionary. IMPORTANT: The MLflow Model scoring protocol"
    assert explain(400, refusal(message), NONE).sentence == "The input must be a JSON dictionary."
    message = "Invalid input. Ensure it is valid JSON. Error: 'x: line 1'\nInput: \nb'{'\n"
    assert explain(400, refusal(message), NONE).sentence == "'x: line 1'"


@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [
        (
            415,
            "Unsupported",
            "The server does not take this content type; it wants application/json.",
        ),
        (500, "Internal Server Error", "The server failed with status 500: Internal Server Error"),
        (500, "", "The server failed with status 500."),
        (502, "<html><h1>Bad</h1></html>", "The server failed with status 502."),
        (504, "limit", "The model did not answer within the server's time limit."),
        (
            404,
            '{"detail":"Not Found"}',
            "There is no model at this address: /invocations was not found.",
        ),
        (403, '{"detail":"no"}', "The server answered with status 403: no"),
        (307, "[1]", "The server answered with status 307: [1]"),
    ],
)
def test_other_answers_get_a_sentence_of_their_own(status: int, body: str, sentence: str) -> None:
    assert explain(status, body, NONE) == ScoringFailure(status, sentence)


def test_a_body_that_was_cut_still_yields_its_cause() -> None:
    body = refusal("x" * 1_000 + "\nError: The data is wrong.")
    cut = body[:200] + "\n… cut …\n" + body[-100:]
    assert explain(400, cut, NONE).sentence == "The data is wrong."
    traced = refusal("x", "ValueError: Input X contains NaN.\nadvice")[-80:]
    assert explain(400, traced, NONE).sentence == "Input X contains NaN."


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"message": ""}', '{"message": 3}', "[" * 9_000])
def test_any_body_gives_one_harmless_sentence(body: str) -> None:
    failure = explain(400, body, NONE)
    assert failure.sentence
    assert len(failure.sentence) <= 300


def test_a_blob_never_reaches_the_sentence() -> None:
    failure = explain(400, refusal("\x1b[2J" + "blob " * 100_000), NONE)
    assert len(failure.sentence) == 300
    assert failure.sentence.isprintable()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            '{"error_code": "BAD_REQUEST", "message": "No such input. IMPORTANT: The MLflow',
            "No such input.",
        ),
        ('{"error_code": "BAD_REQUEST", "message": "No. Cut her', "No. Cut her"),
        ('{"error_code": "BAD_REQUEST", "message": "No.", "stack_trace": "Tr', "No."),
        ('{"error_code": "BAD_REQUEST", "message": "No."}', "No."),
        ("Internal Server Error", "Internal Server Error"),
    ],
)
def test_the_beginning_of_a_refusal_is_told_without_what_is_around_it(body: str, said: str) -> None:
    assert beginning(body) == said
