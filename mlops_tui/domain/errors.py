"""The failures a person is told about."""

from collections.abc import Mapping


class ServiceError(Exception):
    """An expected failure, as one sentence with a way out.

    ``message`` says what was wrong, with what; ``hint`` says what to do about it (may be empty).
    The service layer raises nothing else on purpose; the interface shows ``str(error)``.
    """

    word = "no answer"
    """What the status bar says where this kept data from being read."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class Unreachable(ServiceError):  # noqa: N818 - reads as what happened, like NotFound
    """The store or server did not answer."""


class LoginMissing(Unreachable):
    """The server asks who we are, and was not told."""

    word = "login missing"


class LoginRefused(Unreachable):
    """The server does not know us by this name and password."""

    word = "login refused"


class Forbidden(ServiceError):  # noqa: N818 - reads as what happened, like NotFound
    """The server knows us, and does not allow it."""

    word = "not allowed"


class Unsupported(ServiceError):  # noqa: N818 - reads as what happened, like NotFound
    """MLflow cannot do it on this store; another way may lead there."""


class NotFound(ServiceError):  # noqa: N818 - as above
    """The thing asked for does not exist, or no longer."""


class InvalidInput(ServiceError):  # noqa: N818 - as above
    """What a person typed was refused; ``message`` carries the server's own words."""


class Conflict(ServiceError):  # noqa: N818 - as above
    """Somebody else has changed the thing meanwhile, or the name is taken."""


class GateRefused(Conflict):
    """A version has not passed the gate of a stage."""

    word = "not passed"


def refuse_reasons(reasons: Mapping[str, str]) -> None:
    """Raise ``InvalidInput`` with what is wrong with each field, by its name, if anything is."""
    if reasons:
        raise InvalidInput("; ".join(f"{name}: {why}" for name, why in reasons.items()) + ".")
