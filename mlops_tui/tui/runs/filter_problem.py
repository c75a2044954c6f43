"""What is wrong with a filter of runs."""

from mlops_tui.domain.errors import InvalidInput


def filter_problem(words: str) -> str:
    """Return what is wrong with a filter that is being typed."""
    from mlops_tui.domain.runs.run_filter import parse

    try:
        parse(words) if words.strip() else None
    except InvalidInput as error:
        return str(error)
    return ""
