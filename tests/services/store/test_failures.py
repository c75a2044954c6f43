"""Failures of what MLflow stands on, in sentences of ours."""

import pytest
import requests
from mlflow.exceptions import MlflowException, RestException
from mlflow.store.artifact.utils.models import _parse_model_uri
from sqlalchemy.exc import OperationalError

from mlops_tui.domain.errors import Conflict, InvalidInput, NotFound, ServiceError, Unreachable
from mlops_tui.services.store.failures import explain, translated
from mlops_tui.services.store.http_failures import from_requests, own_words


def sentence(error: Exception) -> str:
    failure = explain(error)
    assert failure is not None
    return failure.message


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("RESOURCE_DOES_NOT_EXIST", NotFound),
        ("RESOURCE_ALREADY_EXISTS", Conflict),
        ("INVALID_PARAMETER_VALUE", InvalidInput),
        ("INTERNAL_ERROR", ServiceError),
    ],
)
def test_the_error_code_decides_the_kind_while_the_words_stay_the_servers(
    code: str, kind: type[ServiceError]
) -> None:
    complaint = {"error_code": code, "message": "No such thing."}
    failure = explain(RestException(complaint))  # type: ignore[no-untyped-call]
    assert type(failure) is kind
    assert failure.message == "No such thing."


def test_an_empty_complaint_names_its_code_at_least() -> None:
    assert sentence(MlflowException("")) == "MLflow failed with INTERNAL_ERROR."


def test_raw_sql_is_cut() -> None:
    words = (
        "Experiment(name=x) already exists. Error: (sqlite3.IntegrityError) UNIQUE failed\n"
        "[SQL: INSERT INTO experiments]\n[parameters: ('x')]\n(Background on this error at: y)"
    )
    assert sentence(MlflowException(words)) == "Experiment(name=x) already exists."


def test_several_lines_become_one() -> None:
    assert sentence(MlflowException("first\n\n  second")) == "first second"


@pytest.mark.parametrize("address", ["models:///", "models:/a/b/c"])
def test_an_address_of_no_model_is_one_sentence(address: str) -> None:
    with pytest.raises(MlflowException) as error:
        _parse_model_uri(address)
    assert sentence(error.value).startswith(f"{address} is no address of a model")
    assert len(sentence(error.value)) < 120


def test_a_library_is_not_quoted_at_length() -> None:
    assert len(sentence(MlflowException("because\n" * 1000))) == 400
    database = OperationalError("x", {}, Exception("because\n" * 1000))
    assert len(sentence(database)) < 450


def test_no_password_is_repeated() -> None:
    words = "cannot open 'postgresql://me:secret@db/mlflow?sslpassword=secret' today"
    assert sentence(MlflowException(words)) == "cannot open 'postgresql://***@db/mlflow?***' today"


def test_words_of_a_megabyte_are_read_in_one_pass() -> None:
    for piece in ("a", "a.", "a-", "+", ":/"):
        assert own_words(piece * 500_000 + " x://u:secret@h").endswith(" x://***@h")


def test_the_original_with_its_password_is_not_kept() -> None:
    with pytest.raises(ServiceError) as caught, translated():
        raise MlflowException("http://me:secret@host failed")
    assert caught.value.__suppress_context__
    assert caught.value.__cause__ is None


def test_a_failure_of_ours_passes_as_it_is() -> None:
    ours = NotFound("gone")
    with pytest.raises(NotFound) as caught, translated():
        raise ours
    assert caught.value is ours


def test_what_is_not_known_is_not_explained() -> None:
    assert explain(KeyError("x")) is None
    assert explain(OSError()) is None
    with pytest.raises(KeyError), translated():
        raise KeyError("x")


def test_a_file_that_cannot_be_read_is_named() -> None:
    error = PermissionError(13, "Permission denied", "/data/x")
    assert sentence(error) == "Cannot read or write /data/x: Permission denied."


def test_a_full_disk_is_told() -> None:
    error = OSError(28, "No space left on device")
    assert sentence(error) == "Cannot read or write: No space left on device."


def test_a_missing_module_that_is_no_driver_is_named() -> None:
    failure = explain(ModuleNotFoundError("No module named 'boto3'", name="boto3.session"))
    assert failure is not None
    assert failure.message == "The Python module boto3 is not installed."
    assert failure.hint == "Install it beside mlops-tui: pip install boto3."


def test_a_database_that_does_not_answer_is_told_in_its_words() -> None:
    error = OperationalError("SELECT 1", {}, Exception("connection refused"))
    assert "connection refused" in sentence(error)
    assert "SELECT" not in sentence(error)


def test_a_certificate_is_told() -> None:
    error = requests.exceptions.SSLError("CERTIFICATE_VERIFY_FAILED")
    assert "certificate of The server is not trusted" in from_requests(error).message


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("[SSL: WRONG_VERSION_NUMBER] wrong version number", "does not speak HTTPS. Write http://"),
        ("[SSL: RECORD_LAYER_FAILURE] record layer failure", "does not speak HTTPS. Write http://"),
        ("SSLEOFError(8, 'EOF occurred in violation of protocol", "for a certificate of yours"),
        ("[SSL: SSLV3_ALERT_HANDSHAKE_FAILURE] handshake", "for a certificate of yours"),
    ],
)
def test_a_connection_that_cannot_be_made_secure_is_not_blamed_on_the_certificate(
    words: str, expected: str
) -> None:
    failure = from_requests(requests.exceptions.SSLError(words))
    assert expected in f"{failure.message} {failure.hint}"


def test_an_address_without_host_is_told() -> None:
    with pytest.raises(InvalidInput, match="no address"), translated():
        requests.get("http://", timeout=1)


def test_a_connection_that_breaks_is_told() -> None:
    error = requests.exceptions.ChunkedEncodingError("Connection broken")
    assert isinstance(from_requests(error), Unreachable)
    assert "broke" in from_requests(error).message


def test_the_words_in_an_answer_of_failure_are_used() -> None:
    answer = requests.Response()
    answer.status_code = 400
    error = requests.HTTPError('400: {"message": "Invalid path"}', response=answer)
    assert from_requests(error).message == "Invalid path"
