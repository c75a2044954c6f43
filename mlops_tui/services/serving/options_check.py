"""Finds the versions that the options of an endpoint are about."""

from collections.abc import Sequence

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.version_choice import chosen_version
from mlops_tui.domain.serving.endpoint_options import EndpointOptions
from mlops_tui.domain.store import Store
from mlops_tui.services.models.registry import list_versions


def options_problem(store: Store, name: str, options: EndpointOptions) -> str:
    """Return why a model cannot be served so, empty where it can.

    That is an alias or stage without a version, or a second version that is not there.
    """
    if not options.follow and options.rival is None:
        return ""
    try:
        check_versions(list_versions(store, name), name, options)
    except ServiceError as error:
        return error.message
    return ""


def check_versions(
    versions: Sequence[ModelVersion], name: str, options: EndpointOptions
) -> ModelVersion | None:
    """Return the version that is followed now, None where none is. Raises ``NotFound``."""
    if options.rival:
        chosen_version(versions, name, f"/{options.rival.version}")
    if not options.follow:
        return None
    kind, _, target = options.follow.partition(":")
    return chosen_version(versions, name, f"{'@' if kind == 'alias' else '/'}{target}")
