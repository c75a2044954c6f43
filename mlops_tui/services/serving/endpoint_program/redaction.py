"""Takes columns out of what is captured, before it is kept anywhere."""

import csv
import hmac
import io
import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

DROP, HASH, REPLACE = "drop", "hash", "replace"
WAYS = (DROP, HASH, REPLACE)
REPLACEMENT = "***"
DATA_KEYS = ("dataframe_split", "dataframe_records", "instances", "inputs", "predictions")
"""Where MLflow's scoring server expects data, and where it puts its answer."""

HASH_LENGTH = 16
"""Hexadecimal digits: 64 bits, so that 100,000 values share none by chance."""


class Redaction:
    """What happens to which column; ``key`` makes hashes that nobody can look up without it."""

    def __init__(self, columns: Mapping[str, str], key: bytes) -> None:
        for column, way in columns.items():
            if way not in WAYS:
                raise ValueError(f"{way!r} for column {column!r} is none of {', '.join(WAYS)}")
        self.columns = dict(columns)
        self._key = key

    def __bool__(self) -> bool:
        return bool(self.columns)

    def applied(self, body: bytes, media_type: str) -> "bytes | None":
        """Return the body without the values; None where its columns cannot be told apart.

        Parquet, rows without names and text that is cut off are such bodies. A column is one
        wherever an object has its name, also deep in a value or beside the data.
        """
        try:
            if "csv" in media_type:
                return self._csv(body.decode("utf-8-sig"))
            changed = self._payload(json.loads(body))
            return None if changed is None else json.dumps(changed).encode()
        except (ValueError, TypeError, AttributeError, LookupError, RecursionError, csv.Error):
            return None

    def _payload(self, value: Any) -> Any:
        """Return a request or an answer changed; None where it has no data, or data twice."""
        if not isinstance(value, dict):
            return None
        keys = [each for each in DATA_KEYS if each in value]
        if len(keys) != 1:
            return None
        key = keys[0]
        if key == "dataframe_split":
            data = self._split(value[key])
        else:
            data = self._named(value[key], is_answer=key == "predictions")
        beside = {name: each for name, each in value.items() if name != key}
        return None if data is None else {key: data, **self._record(beside)}

    def _split(self, data: dict[str, Any]) -> "dict[str, Any] | None":
        columns = data.get("columns")
        if not isinstance(columns, list):
            return None
        if any(len(row) != len(columns) for row in data["data"]):
            return None
        ways = [self.columns.get(str(column)) for column in columns]
        kept = [place for place, way in enumerate(ways) if way != DROP]
        rows = [[self._value(row[n], ways[n]) for n in kept] for row in data["data"]]
        beside = {name: each for name, each in data.items() if name not in ("columns", "data")}
        return {**self._record(beside), "columns": [columns[n] for n in kept], "data": rows}

    def _named(self, data: Any, *, is_answer: bool) -> Any:
        """Return rows with names, or columns with names, changed; None where there are none.

        An answer without names has no column that could be meant.
        """
        rows = data if isinstance(data, list) else [data]
        if is_answer or any(isinstance(row, dict) for row in rows):
            return self._inner(data)
        return None

    def _inner(self, value: Any) -> Any:
        """Return a value with every object in it changed; raises for a row without its names."""
        if isinstance(value, dict):
            return self._record(value)
        if not isinstance(value, list):
            return value
        others = [each for each in value if each is not None and not isinstance(each, dict)]
        if others and any(isinstance(each, dict) for each in value):
            raise ValueError("a row without names among others with names")
        return [self._inner(each) for each in value]

    def _record(self, record: dict[str, Any]) -> dict[str, Any]:
        ways = {key: self.columns.get(key) for key in record}
        return {
            key: self._value(value, ways[key]) for key, value in record.items() if ways[key] != DROP
        }

    def _csv(self, text: str) -> "bytes | None":
        rows = list(csv.reader(io.StringIO(text), strict=True))
        if not rows:
            return None
        ways = [self.columns.get(name.strip()) for name in rows[0]]
        kept = [place for place, way in enumerate(ways) if way != DROP]
        written = io.StringIO()
        writer = csv.writer(written, lineterminator="\n")
        writer.writerow([rows[0][n] for n in kept])
        for row in rows[1:]:
            if len(row) != len(ways):
                return None
            writer.writerow([self._value(row[n], ways[n]) for n in kept])
        return written.getvalue().encode()

    def _value(self, value: Any, way: "str | None") -> Any:
        """Return a value, or a whole column of values, changed."""
        if way is None:
            return self._inner(value)
        if isinstance(value, list):
            return [self._value(each, way) for each in value]
        if way == REPLACE:
            return REPLACEMENT
        digest = hmac.new(self._key, json.dumps(value, sort_keys=True).encode(), sha256)
        return digest.hexdigest()[:HASH_LENGTH]
