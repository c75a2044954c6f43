"""The filter language for runs.

What is typed is parsed into a term; ``passes`` makes a test for runs of it,
``server_query`` what an MLflow server can test of it. ``completions`` offers how one that is being
typed may go on.
"""

from mlops_tui.domain.runs.run_filter.checks import check_length
from mlops_tui.domain.runs.run_filter.clauses import probe
from mlops_tui.domain.runs.run_filter.completion import Completion, completions
from mlops_tui.domain.runs.run_filter.expression import EVERYTHING, Field, Kind, Term, kindless_keys
from mlops_tui.domain.runs.run_filter.parser import parse, parse_field
from mlops_tui.domain.runs.run_filter.run_test import RunTest, passes, reader
from mlops_tui.domain.runs.run_filter.server_query import (
    ServerQuery,
    is_mlflow_expression,
    server_query,
)
from mlops_tui.domain.runs.run_filter.vocabulary import Vocabulary, vocabulary

__all__ = [
    "EVERYTHING",
    "Completion",
    "Field",
    "Kind",
    "RunTest",
    "ServerQuery",
    "Term",
    "Vocabulary",
    "check_length",
    "completions",
    "is_mlflow_expression",
    "kindless_keys",
    "parse",
    "parse_field",
    "passes",
    "probe",
    "reader",
    "server_query",
    "vocabulary",
]
