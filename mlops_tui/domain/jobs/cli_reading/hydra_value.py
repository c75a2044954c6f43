"""Values as ``hydra`` reads them on a command line, and as its configurations hold them."""

import math
import re
from typing import Any

from mlops_tui.domain.jobs.recipe import Value, to_text

PLAIN = re.compile(r"[A-Za-z0-9_/.+%@*?|-]+(?: [A-Za-z0-9_/.+%@*?|-]+)*")
"""A text that means itself without quotes."""

OTHER = re.compile(
    r"(?i:null|true|false)|[+-]?(?:(?i:inf|nan)|(?=\.?\d)[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?[\d_]+)?)"
)
"""What is no text without quotes."""

KEY = re.compile(r"[A-Za-z0-9_/.+-]+")
BACKSLASHES = re.compile(r"(\\*)('|$)")

FLOAT = re.compile(
    r"[-+]?\d[\d_]*(?:\.[\d_]*(?:[eE][-+]?\d+)?|[eE][-+]?\d+)|\.\d[\d_]*(?:[eE][-+]\d+)?"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
"""Numbers that plain YAML takes for texts are among them: 1e-3."""


def spelled(value: Value) -> str:
    """Return what stands behind the sign of an override; raises ``ValueError`` with the reason.

    A list or a mapping is written as one, any other text means itself.
    """
    if not isinstance(value, str):
        return to_text(value)
    if value[:1] in ("[", "{"):
        found = read_yaml(value)
        if isinstance(found, list | dict):
            return _inner(found)
    return value if PLAIN.fullmatch(value) else _quoted(value)


def _inner(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool() | int() | float():
            return (
                to_text(value)
                if not isinstance(value, float) or math.isfinite(value)
                else (str(value))
            )
        case list():
            return f"[{','.join(map(_inner, value))}]"
        case dict():
            return "{" + ",".join(f"{_key(k)}:{_inner(v)}" for k, v in value.items()) + "}"
    text = str(value)
    is_text = PLAIN.fullmatch(text) and not OTHER.fullmatch(text)
    return text if is_text else _quoted(text)


def _key(key: object) -> str:
    if not KEY.fullmatch(str(key)):
        raise ValueError(f"{key} as a key needs a file")
    return str(key)


def _quoted(text: str) -> str:
    """Return a text in quotes: backslashes are doubled only where they stand before one."""
    escaped = BACKSLASHES.sub(lambda m: m[1] * 2 + ("\\'" if m[2] else ""), text)
    return f"'{escaped}'"


def read_yaml(text: str) -> object:
    """Return what a configuration holds, None where it makes no sense."""
    import yaml  # noqa: PLC0415 - few programs have a configuration

    class Loader(yaml.SafeLoader):
        """Reads numbers as ``hydra`` does, leaves dates as texts."""

        yaml_implicit_resolvers = {  # noqa: RUF012 - as the base class has it
            key: [each for each in known if not each[0].endswith((":timestamp", ":float"))]
            for key, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
        }

    Loader.add_implicit_resolver(
        "tag:yaml.org,2002:float", re.compile(f"^(?:{FLOAT.pattern})$"), list("-+0123456789.")
    )
    try:
        return yaml.load(text, Loader)  # noqa: S506 - it is a SafeLoader
    except (yaml.YAMLError, ValueError, RecursionError):
        return None


def flow_text(value: object) -> str:
    """Return a list or a mapping on one line, as ``read_yaml`` takes it back."""
    import yaml  # noqa: PLC0415 - as above

    dumped: str = yaml.safe_dump(
        value, default_flow_style=True, width=math.inf, allow_unicode=True, sort_keys=False
    )
    return dumped.strip()
