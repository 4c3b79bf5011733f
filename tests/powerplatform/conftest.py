"""A stand-in for Power Platform per test session, fresh per test, and what signs in to it."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from exporter.edges.dataverse import DataverseConnectors
from exporter.edges.http import Http, Patience
from exporter.edges.sign_in import sign_in
from exporter.settings.settings import DeployerSettings, Secret

SERVER = Path(__file__).parents[1] / "standin" / "server.py"
QUICK = Patience(tries=3, base_delay=0.001, longest_delay=0.002, total=20)


class StandIn:
    """The running stand-in, seen from a test."""

    def __init__(self, about: dict[str, str]) -> None:
        self.about = about
        self.url = about["address"]

    def tell(self, name: str, body: Any = None) -> Any:
        data = None if name == "state" else json.dumps(body).encode()
        with urllib.request.urlopen(f"{self.url}/_standin/{name}", data=data, timeout=10) as answer:  # noqa: S310
            return json.load(answer)

    @property
    def requests(self) -> list[str]:
        return list(self.tell("state")["requests"])

    @property
    def rows(self) -> list[dict[str, Any]]:
        return list(self.tell("state")["rows"])

    def options(self, **options: Any) -> None:
        self.tell("options", options)

    def fails(self, match: str, kind: str, **more: Any) -> None:
        self.tell("faults", [{"match": match, "kind": kind, **more}])

    @property
    def deployer(self) -> DeployerSettings:
        return DeployerSettings(
            environment=self.url,
            tenant_id=self.about["tenant_id"],
            client_id=self.about["client_id"],
            client_secret=Secret(self.about["client_secret"]),
        )

    @property
    def environ(self) -> dict[str, str]:
        return {
            "AZURE_AUTHORITY_HOST": self.url,
            "GITHUB_ACTIONS": "true",
            "ACTIONS_ID_TOKEN_REQUEST_URL": self.about["id_token_url"],
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": self.about["id_token_token"],
        }


@pytest.fixture(scope="session")
def running() -> Iterator[StandIn]:
    command = [sys.executable, str(SERVER), "--until-eof"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield StandIn(json.loads(process.stdout.readline()))
        process.stdin.close()
        process.wait(10)


@pytest.fixture
def standin(running: StandIn) -> StandIn:
    running.tell("reset")
    return running


@pytest.fixture
def http() -> Iterator[Http]:
    client = Http(QUICK)
    yield client
    client.close()


@pytest.fixture
def hidden() -> list[str]:
    """Hold every text that was masked."""
    return []


Door = Callable[..., DataverseConnectors]


@pytest.fixture
def connectors(standin: StandIn, http: Http, hidden: list[str]) -> Door:
    """Make the port as a run makes it; each call is a new run."""

    def door(secret: str = "", *, solution: str = "", **deployer: Any) -> DataverseConnectors:
        signed_in = sign_in(standin.deployer._replace(**deployer), standin.environ, http, hidden.append)
        return DataverseConnectors(
            http,
            standin.url,
            lambda: signed_in.token(standin.url),
            solution=solution,
            client_secret=Secret(secret),
            mask=hidden.append,
        )

    return door
