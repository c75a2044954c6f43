"""Asks whether a store can be opened, without opening it."""

from mlops_tui.domain.errors import LoginMissing, LoginRefused, ServiceError, Unreachable
from mlops_tui.domain.store import Store, address_problem, is_database, is_http, sqlite_path
from mlops_tui.domain.stores.store_state import StoreState, StoreStatus
from mlops_tui.services.limited_http import TooLateError, within
from mlops_tui.services.store import database, sqlite_file
from mlops_tui.services.store import store as stores
from mlops_tui.services.worker.calls import may_take

LIMIT = 12.0
"""Seconds after which a store counts as unreachable."""


STATES: dict[type[ServiceError], StoreState] = {
    LoginMissing: StoreState.LOGIN,
    LoginRefused: StoreState.REFUSED,
    Unreachable: StoreState.UNREACHABLE,
}
"""What a failure means; the first kind that fits counts."""


@may_take(2 * LIMIT)
def look(store: Store, *, is_open: bool = False) -> StoreStatus:
    """Return the state of a store; only one that ``is_open`` is sent our login."""
    if store.ssh and not store.far_uri:
        return StoreStatus(StoreState.BEHIND)
    try:
        return within(LIMIT, lambda: _look(store, is_open=is_open))
    except TooLateError:
        return StoreStatus(StoreState.UNREACHABLE, reason=f"{store.label} did not answer in time.")
    except ServiceError as error:
        fitting = (state for kind, state in STATES.items() if isinstance(error, kind))
        return StoreStatus(next(fitting, StoreState.UNUSABLE), reason=str(error))


def _look(store: Store, *, is_open: bool) -> StoreStatus:
    uri = stores.absolute(store.tracking_uri)
    if problem := address_problem(uri):
        raise problem
    if is_http(uri):
        return StoreStatus(StoreState.ANSWERS, stores.probe(uri, anonymous=not is_open))
    if is_database(uri):
        is_there = database.is_there(uri, sqlite_file.needed_schema())
        return StoreStatus(StoreState.ANSWERS if is_there else StoreState.ABSENT)
    path = sqlite_path(uri)
    if path is not None:
        sqlite_file.check_name(path)
        if not sqlite_file.is_there(path):
            return StoreStatus(StoreState.ABSENT)
        sqlite_file.check_file(path)
        return StoreStatus(StoreState.ANSWERS)
    stores.prove(store)
    return StoreStatus(StoreState.ANSWERS)
