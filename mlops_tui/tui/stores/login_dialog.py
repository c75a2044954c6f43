"""Asks for the login to a store."""

from collections.abc import Iterable

from textual import on
from textual.widget import Widget
from textual.widgets import Input, Static

from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.store import Store, is_http
from mlops_tui.domain.stores.login import Login, login_problem
from mlops_tui.tui.kit.dialog import Dialog
from mlops_tui.tui.kit.field import Field

KEPT = (
    "It is kept in memory until you quit; jobs get it by their environment. It is written nowhere."
)


class LoginDialog(Dialog[Login]):
    """Fields for name and password, or a token; enter goes on to the next, and sends them."""

    HAS_EQUIVALENT = False

    def __init__(self, store: Store, reason: str) -> None:
        super().__init__(f"Log in to {store.title}")
        self._reason = reason
        self._takes_token = is_http(store.tracking_uri)

    def compose_body(self) -> Iterable[Widget]:
        """Show why a login is asked for, above the fields."""
        yield Static(one_line(f"{self._reason} {KEPT}", 600), markup=False, classes="explain")
        yield Static("User")
        yield Field(id="user", compact=True)
        yield Static("Password")
        yield Field(id="password", password=True, compact=True)
        if self._takes_token:
            yield Static("Token, instead of both")
            yield Field(id="token", password=True, compact=True)

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        login = self._login()
        problem = login_problem(login)
        if not problem:
            self.dismiss(login)
        elif event.input.id == "user" and login.user:
            self.query_one("#password", Field).focus()
        else:
            self.refuse(problem)

    def _login(self) -> Login:
        values = {str(field.id): field.value for field in self.query(Field)}
        return Login(values["user"].strip(), values["password"], values.get("token", "").strip())
