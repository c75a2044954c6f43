"""The rows of a request, whatever its format."""

from collections.abc import Sequence
from dataclasses import dataclass

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.json_text import Json
from mlops_tui.domain.models.signature import Signature
from mlops_tui.domain.serving.payload import Payload, PayloadFormat, article


@dataclass(frozen=True, slots=True)
class Rows:
    """A request's rows: a list each, in the order of ``columns`` when those are known.

    A row that is no list is a single value. A name missing from one of several named rows is
    null there, as it is for the server.
    """

    columns: tuple[str, ...] | None
    values: Sequence[Json]


def read_rows(payload: Payload, signature: Signature) -> Rows:
    """Return the rows; ``InvalidInput`` says where the data is not what its format wants."""
    data = payload.data
    match payload.format:
        case PayloadFormat.DATAFRAME_SPLIT:
            return _split(data)
        case PayloadFormat.INPUTS if isinstance(data, dict):
            return _named_inputs(data, signature)
        case PayloadFormat.INPUTS if not isinstance(data, list):
            return Rows(None, [data])
    if not isinstance(data, list):
        raise InvalidInput(f"{payload.format} takes a list of rows, not {article(data)}.")
    return _listed(data)


def _split(data: Json) -> Rows:
    if not isinstance(data, dict):
        raise InvalidInput(
            f"dataframe_split takes an object with columns and data, not {article(data)}."
        )
    values, columns = data.get("data"), data.get("columns")
    if not isinstance(values, list):
        raise InvalidInput("dataframe_split needs data: a list of rows.")
    if columns is None:
        return Rows(None, values)
    if not isinstance(columns, list):
        raise InvalidInput(f"columns is {article(columns)}, not a list of names.")
    for number, row in enumerate(values):
        width = len(row) if isinstance(row, list) else 1
        if width != len(columns):
            raise InvalidInput(f"row {number} has {width} values for {len(columns)} columns.")
    rows: list[Json] = [row if isinstance(row, list) else [row] for row in values]
    return Rows(tuple(map(str, columns)), rows)


def _named_inputs(data: dict[str, Json], signature: Signature) -> Rows:
    """Read names with one value per row each, or names of a single row.

    The server takes it for a single row when the signature has a column of lists or objects.
    """
    nested = not all(column.is_scalar for column in signature.columns)
    lists = [value for value in data.values() if isinstance(value, list)]
    if nested or not lists:
        return Rows(tuple(data), [list(data.values())])
    if len(lists) < len(data) or len({len(column) for column in lists}) > 1:
        raise InvalidInput("inputs with names takes lists of equal length, one value per row.")
    return Rows(tuple(data), [list(row) for row in zip(*lists, strict=True)])


def _listed(data: list[Json]) -> Rows:
    named = [row for row in data if isinstance(row, dict)]
    if not named:
        return Rows(None, data)
    if len(named) < len(data):
        number = next(i for i, row in enumerate(data) if not isinstance(row, dict))
        raise InvalidInput(f"row {number} has no names, while others have.")
    columns = tuple(dict.fromkeys(name for row in named for name in row))
    return Rows(columns, [[row.get(name) for name in columns] for row in named])


def widths(rows: Rows) -> list[int]:
    """Return the number of values of each row."""
    return [len(row) if isinstance(row, list) else 1 for row in rows.values]
