"""
Asks Dataverse through Microsoft's own client for Python; runs in that client's environment, told what to do by a test.

Reads JSON lines `[what, table, ...]` and answers each with one JSON line.
"""

import json
import sys
import time
from typing import Any

from azure.core.credentials import AccessToken
from PowerPlatform.Dataverse.client import DataverseClient


class Held:
    """A credential that holds one token."""

    def __init__(self, token: str) -> None:
        self._token = token

    def get_token(self, *_: object, **__: object) -> AccessToken:
        return AccessToken(self._token, int(time.time()) + 3600)


def plain(row: Any) -> dict[str, Any]:
    return dict(row.data if hasattr(row, "data") else row)


def main() -> None:
    client = DataverseClient(sys.argv[1], Held(sys.argv[2]))
    for line in sys.stdin:
        what, table, *more = json.loads(line)
        records = client.records
        match what:
            case "create":
                said = records.create(table, more[0])
            case "update":
                said = records.update(table, *more)
            case "delete":
                said = records.delete(table, *more)
            case "retrieve":
                row = records.retrieve(table, more[0], select=more[1])
                said = row and plain(row)
            case "list":
                said = [plain(row) for row in records.list(table, filter=more[0], select=more[1], page_size=2)]
            case "batch":
                batch = client.batch.new()
                for row_id in more[0]:
                    batch.records.retrieve(table, row_id, select=more[1])
                said = [[item.status_code, item.data] for item in batch.execute(continue_on_error=True).responses]
        print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main()
