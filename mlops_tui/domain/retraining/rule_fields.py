"""A rule of retraining as the fields of a form."""

from collections.abc import Mapping

from mlops_tui.domain.jobs.recipe import Parameter, Value, to_text
from mlops_tui.domain.retraining.retraining_rule import Arrow, Paused, RetrainingRule
from mlops_tui.domain.retraining.rule_text import number_of, rule_of, table_of

ASKED = "without_asking"
FLOORS = ("realised_below", "estimated_below")
ARROWS = " ".join(Arrow)


def _optional(name: str, kind: type[Value], about: str) -> Parameter:
    return Parameter(name, None, about, optional=True, kind=kind)


FIELDS = (
    Parameter("launch", None, "job or run that is launched again", kind=str),
    Parameter("argument", None, "its parameter that is given the data", kind=str),
    Parameter("monitor", None, "whose chunks are looked at", kind=str),
    _optional("drift_share", float, "fires when a larger share of the columns drifts (0.3)"),
    _optional("realised_below", str, "performance by labels: a number, or band"),
    _optional("estimated_below", str, "the same, estimated without labels"),
    _optional("labelled_rows", int, "so many new rows with labels"),
    _optional("new_rows", int, "so many new rows"),
    _optional("age_days", float, "age of the version in Production"),
    _optional("every", str, "sunday 03:00, or day 03:00 (UTC)"),
    Parameter("k", 1, "chunks that have to show it …", minimum=1, maximum=1_000),
    Parameter("of", 1, "… of so many last ones", minimum=1, maximum=1_000),
    Parameter("minimum_rows", 0, "smaller chunks are passed over", minimum=0),
    Parameter("minimum_labels", 1, "new labelled rows that training needs", minimum=0),
    Parameter("cool_down_days", 1.0, "from one attempt to the next", minimum=0),
    Parameter("at_most_per_week", 2, "attempts", minimum=1),
    Parameter("stop_after_failures", 2, "in a row", minimum=1),
    Parameter(
        ASKED, None, f"steps done without a person: {ARROWS}", optional=True, kind=str, many=True
    ),
)


def texts_of(rule: RetrainingRule) -> dict[str, str]:
    """Return what the fields hold of a rule."""
    table = table_of(rule)
    texts = {field.name: _text(table.get(field.name, field.default)) for field in FIELDS}
    texts[ASKED] = " ".join(arrow for arrow in Arrow if arrow in rule.given_away)
    return texts


def rule_of_fields(
    model: str, values: Mapping[str, Value | None], before: RetrainingRule | None = None
) -> RetrainingRule:
    """Return the rule of filled fields; one that was paused stays so. Raises ``InvalidInput``."""
    table: dict[str, object] = {
        name: _floor(value) if name in FLOORS else value
        for name, value in values.items()
        if value is not None and name != ASKED
    }
    table[ASKED] = str(values.get(ASKED) or "").replace(",", " ").split()
    if before is not None and before.paused is not Paused.NO:
        table["paused"] = before.paused.value
    return rule_of(model, table)


def _floor(value: Value) -> object:
    try:
        found = number_of(float(str(value)))
    except ValueError:
        return str(value).strip()
    return str(value) if found is None else found


def _text(value: object) -> str:
    return to_text(value) if value is None or isinstance(value, int | float) else str(value)
