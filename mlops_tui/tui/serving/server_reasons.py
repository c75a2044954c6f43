"""Why an action can do nothing with a model server now."""

from collections.abc import Mapping

from mlops_tui.domain.serving.endpoint_figures import EndpointFigures
from mlops_tui.domain.serving.model_server import ModelServer, ServerState
from mlops_tui.tui.serving.answer_checks import others


def why_not(action: str, server: ModelServer, servers: Mapping[str, ModelServer]) -> str:
    """Return the reason, nothing where the action can be done; ``servers`` are all of the list."""
    if action in ("compare", "load") and server.state is not ServerState.READY:
        return f"Its state is {server.state}, not ready."
    if action == "compare" and not others(server, servers):
        return "There is no other server that is ready."
    if not server.is_watched:
        return _why_not_in_state(action, server)
    if action in ("log", "stop", "again", "capture", "swap_back", "errors", "monitor"):
        return "It was not started here: others run it. D removes it from the list."
    return ""


def _why_not_in_state(action: str, server: ModelServer) -> str:
    is_active, is_elsewhere = server.record.state.is_active, server.state is ServerState.ELSEWHERE
    match action:
        case "capture" | "swap_back" | "errors":
            return _why_not_by_figures(action, server.figures)
        case "again" if is_active:
            return f"It is {server.state}: x stops it first."
        case "stop" if not is_active:
            return "It has ended: D removes it."
        case "stop" if is_elsewhere:
            return server.record.reason
        case "remove" if is_active and not is_elsewhere:
            return "Only a server that has ended can be removed; x stops it."
    return ""


def _why_not_by_figures(action: str, figures: EndpointFigures | None) -> str:
    if figures is None:
        return "It has figures, and captures, while it is ready; where MLflow alone serves, never."
    if action == "swap_back" and not figures.previous:
        return "No other version has answered here yet."
    if action == "errors" and not figures.last_errors:
        return "No request has failed."
    return ""
