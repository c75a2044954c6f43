"""A verdict as cells of a table."""

from mlops_tui.domain.gate.verdict import Measured, RuleResult

HEADER = ("rule", "candidate", "champion", "limit", "outcome", "detail")


def cells(result: RuleResult) -> tuple[str, ...]:
    """Return the cells of one rule, in the order of ``HEADER``."""
    measured = shown(result.candidate), shown(result.champion)
    return (result.rule, *measured, result.limit, result.outcome.value, detail(result))


def detail(result: RuleResult) -> str:
    """Return why a rule came out so, with the interval of the difference and how many rows."""
    words = [result.reason] if result.reason else []
    if result.low is not None and result.high is not None:
        words.append(f"difference {result.low:.4g} to {result.high:.4g}")
    if result.n is not None:
        words.append(f"n={result.n:,}")
    return "; ".join(words)


def shown(value: Measured) -> str:
    """Return a measured value as text."""
    if value is None:
        return ""
    return value if isinstance(value, str) else f"{value:.5g}"
