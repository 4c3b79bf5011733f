"""A stand-in for Power Platform per test session, fresh per test, and what signs in to it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from exporter.edges.http import Http, Patience
from exporter.edges.powerplatform.opening import open_connectors
from exporter.ports import Connectors
from exporter.settings.settings import Backend, DeployerSettings, Secret

collect_ignore = ["dataverse_client.py"]  # runs in another environment

SERVER = Path(__file__).parents[1] / "standin" / "server.py"
OPENSSL = shutil.which("openssl") or ""
QUICK = Patience(tries=3, base_delay=0.001, longest_delay=0.002, total=20)


class StandIn:
    """The running stand-in, seen from a test."""

    def __init__(self, about: dict[str, str]) -> None:
        self.about = about
        self.url = about["address"]
        self.backend = Backend.DATAVERSE
        """Which of its doors a run takes."""

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
    def endpoints(self) -> dict[str, str]:
        return {"power-apps": self.url, "environments": self.url}

    @property
    def deployer(self) -> DeployerSettings:
        return DeployerSettings(
            tenant_id=self.about["tenant_id"],
            client_id=self.about["client_id"],
            client_secret=Secret(self.about["client_secret"]),
            endpoints=self.endpoints,
            backend=self.backend,
            environment=self.about["environment_id"] if self.backend is Backend.POWER_APPS else self.url,
        )

    @property
    def environ(self) -> dict[str, str]:
        return {
            "AZURE_AUTHORITY_HOST": self.url,
            "GITHUB_ACTIONS": "true",
            "ACTIONS_ID_TOKEN_REQUEST_URL": self.about["id_token_url"],
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": self.about["id_token_token"],
        }


@contextmanager
def _started(*options: str) -> Iterator[StandIn]:
    command = [sys.executable, str(SERVER), "--until-eof", *options]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield StandIn(json.loads(process.stdout.readline()))
        process.stdin.close()
        process.wait(10)


@pytest.fixture(scope="session")
def running() -> Iterator[StandIn]:
    with _started() as service:
        yield service


@contextmanager
def secure(home: Path, *hosts: str) -> Iterator[StandIn]:
    """Start a stand-in that is a proxy to these hosts, too; `trust` is the certificate that its clients shall trust."""
    names = ",".join(f"DNS:{host}" for host in hosts)
    make = f"req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=standin -addext subjectAltName={names}"
    key, trust, both = (home / name for name in ("key.pem", "standin.pem", "both.pem"))
    files = ["-keyout", str(key), "-out", str(trust)]
    subprocess.run([OPENSSL, *make.split(), *files], check=True, capture_output=True, timeout=60)
    both.write_text(key.read_text() + trust.read_text())
    with _started("--certificate", str(both)) as service:
        service.about["trust"] = str(trust)
        yield service


@pytest.fixture
def standin(running: StandIn) -> StandIn:
    running.tell("reset")
    running.backend = Backend.DATAVERSE
    return running


@pytest.fixture(params=Backend, ids=lambda backend: backend.value)
def either(standin: StandIn, request: pytest.FixtureRequest) -> StandIn:
    """Run a test twice, once through each door."""
    standin.backend = request.param
    return standin


@pytest.fixture
def http() -> Iterator[Http]:
    client = Http(QUICK)
    yield client
    client.close()


@pytest.fixture
def hidden() -> list[str]:
    """Hold every text that was masked."""
    return []


Door = Callable[..., Connectors]


@pytest.fixture
def connectors(standin: StandIn, http: Http, hidden: list[str]) -> Door:
    """Make the port as a run makes it; each call is a new run."""

    def door(secret: str = "", **deployer: Any) -> Connectors:
        settings = standin.deployer._replace(**deployer)
        return open_connectors(settings, Secret(secret), standin.environ, http, hidden.append)

    return door
