"""Opens another store beside the one that is open."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from mlops_tui.domain.errors import LoginMissing, LoginRefused, ServiceError
from mlops_tui.domain.store import Store
from mlops_tui.domain.stores.login import Login, with_login, without_secrets
from mlops_tui.services.store.store import prove
from mlops_tui.services.stores.tunnel import Tunnel
from mlops_tui.tui.kit.backend import Backend
from mlops_tui.tui.kit.in_thread import in_thread

AskLogin = Callable[[Store, str], Awaitable[Login | None]]
"""Asks a person for the login to a store, with the reason; None where they give up."""


@dataclass(frozen=True, slots=True)
class OpenedStore:
    """A store that answers, through a service process of its own."""

    store: Store
    backend: Backend


class StoreOpening:
    """Opens stores; the logins of this session are kept here, in memory, and nowhere else."""

    def __init__(self) -> None:
        self._logins: dict[str, Login] = {}

    async def open(self, store: Store, present: Backend, ask_login: AskLogin) -> OpenedStore | None:
        """Return the store once it answers, None where the person gives up at its login.

        The changes that are under way on the ``present`` one are answered by then. Raises the
        store's ``ServiceError``; nothing is left open then, nor where this is cancelled.
        """
        tunnel = Tunnel(_unopened(store)) if store.ssh else None
        backend: Backend | None = None
        opened: OpenedStore | None = None
        try:
            reached = await in_thread(tunnel.wait) if tunnel else store
            backend = await present.beside(reached, tunnel)
            found = await self._prove(backend, reached, ask_login)
            if found:
                await present.changes_answered()
            opened = found
        except OSError as error:
            raise ServiceError(f"No service process can be started: {error.strerror}.") from None
        finally:
            if opened is None:
                if backend is not None:
                    backend.discard()
                if tunnel is not None:
                    tunnel.close()
        return opened

    async def _prove(
        self, backend: Backend, store: Store, ask_login: AskLogin
    ) -> OpenedStore | None:
        """Ask the store, and for a login as long as it wants one."""
        key = without_secrets(store).label
        login = self._logins.get(key)
        while True:
            if login:
                backend.log_in(login)
            found = with_login(store, login)
            try:
                await backend.call(prove, found)
            except (LoginMissing, LoginRefused) as error:
                login = await ask_login(store, error.message)
                if login is None:
                    return None
            else:
                if login:
                    self._logins[key] = login
                return OpenedStore(found, backend)


def _unopened(store: Store) -> Store:
    """Return a store as it is reached without the tunnel that may be open to it."""
    return replace(store, tracking_uri=store.far_uri or store.tracking_uri, far_uri="")
