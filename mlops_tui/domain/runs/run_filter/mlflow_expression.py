"""How to tell an expression of MLflow's own grammar."""

import re

TEXTS = re.compile(r"'[^']*'|\"[^\"]*\"")

OPERATORS_OF_MLFLOW = re.compile(
    r"\s(?:i?like\s+''|(?:not\s+)?in\s*\(|is\s+(?:not\s+)?null\b)|(?:^|\s)datasets?\.",
    re.IGNORECASE,
)
"""What the filter of runs does not know."""

PREFIX = re.compile(
    r"(?:^|\s)(?:metric|param|parameter|tag|attribute|attr|run)s?\.(?:`[^`]*`|[^\s=<>!~:]+)\s*[=<>!]",
    re.IGNORECASE,
)

BEYOND_MLFLOW = re.compile(r"[|~]|\b(?:or|not)\s|\(|(?:^|\s)-|:", re.IGNORECASE)
"""What MLflow does not know."""


def is_mlflow_expression(text: str) -> bool:
    """Return whether a text is to be passed to MLflow as it stands: ``metrics.loss < 1``.

    With an ``or`` in it, which MLflow refuses, it is a filter like any other.
    """
    bare = TEXTS.sub("''", text)
    if OPERATORS_OF_MLFLOW.search(bare):
        return True
    return PREFIX.search(bare) is not None and BEYOND_MLFLOW.search(bare) is None
