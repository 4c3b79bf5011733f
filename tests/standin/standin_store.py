"""Where the stand-in keeps its rows: SQLite, in a file or in memory."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Any


class Store:
    """Rows of the table `connector`, with a version each, and the secrets that are never given back."""

    def __init__(self, path: str) -> None:
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._database.execute(
            "create table if not exists connectors "
            "(id text primary key, version integer, columns text, secrets text, solution text)"
        )
        self._database.execute("create table if not exists counter (last integer)")
        if not self._database.execute("select count(*) from counter").fetchone()[0]:
            self._database.execute("insert into counter values (1000)")

    def rows(self) -> Iterator[tuple[str, int, dict[str, Any], dict[str, str], str]]:
        found = self._database.execute(
            "select id, version, columns, secrets, solution from connectors order by version"
        )
        for row_id, version, columns, secrets, solution in found.fetchall():
            yield row_id, version, json.loads(columns), json.loads(secrets), solution

    def put(self, row_id: str, columns: dict[str, Any], secrets: dict[str, str], solution: str) -> None:
        version = self.next()
        self._database.execute(
            "insert or replace into connectors values (?, ?, ?, ?, ?)",
            (row_id, version, json.dumps(columns), json.dumps(secrets), solution),
        )

    def next(self) -> int:
        """Give a number that is higher than every one before."""
        self._database.execute("update counter set last = last + 1")
        return int(self._database.execute("select last from counter").fetchone()[0])

    def remove(self, row_id: str) -> bool:
        return self._database.execute("delete from connectors where id = ?", (row_id,)).rowcount > 0

    def clear(self) -> None:
        self._database.execute("delete from connectors")

    def close(self) -> None:
        self._database.close()
