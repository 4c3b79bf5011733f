"""
Updates a connector beside Microsoft's own `paconn update`, on the same stand-in and in one run; part of `make bench`.

Every figure is a median of whole processes, ours and paconn's in turns: wall time, peak memory, and how many requests
were made. What both send is the same connector with a new description each time. paconn is taken from build/paconn
(`make paconn` installs it) or from PACONN, and left out by name where it is not there.

    python tools/bench_express.py [--rounds N]
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Mapping
from statistics import median
from typing import Any, NamedTuple

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
EXAMPLE = os.path.join(ROOT, "examples", "orders", "swagger.json")
PACONN = os.path.join(ROOT, "build", "paconn", "bin", "paconn")
HOSTS = ("api.powerapps.com", "api.flow.microsoft.com", "*.blob.core.windows.net")
MOST_REQUESTS = {"unchanged": 3, "update": 6}


class Sample(NamedTuple):
    """What one process took."""

    seconds: float
    processor: float
    """Seconds of it that a processor worked for this process."""
    megabytes: float
    requests: int


class Side(NamedTuple):
    """One of those that are compared."""

    name: str
    command: list[str]
    folder: str
    variables: Mapping[str, str]
    change: Callable[[int], None]
    most: int = 0
    """Requests; 0 is no limit."""


def main() -> int:
    """Measure, and print a table; 1 where a limit of ours is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as home:
        peer, why_not = _peer(home)
        certificate = os.path.join(home, "both.pem")
        command = [sys.executable, os.path.join(ROOT, "tests", "standin", "server.py"), "--until-eof"]
        command += ["--certificate", certificate] if peer else []
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            about = json.loads(process.stdout.readline()) if process.stdout else {}
            sides = _ours(home, about) + (_theirs(home, about, peer) if peer else [])
            print(f"\nUpdating a connector through a stand-in, medians of {rounds} runs in turns\n")
            print(f"{'':<34}{'seconds':>10}{'processor':>11}{'MB':>8}{'requests':>10}")
            held = _print(_measured(sides, about["address"], rounds), peer=bool(peer))
            if process.stdin:
                process.stdin.close()
    if why_not:
        print(f"Without paconn: {why_not}.")
    return 0 if held else 1


def _print(figures: Mapping[str, tuple[Side, Sample]], *, peer: bool) -> bool:
    """Print a row for each; tell whether the limits of ours are held."""
    held = True
    for name, (side, figure) in figures.items():
        over = side.most and figure.requests > side.most
        note = f"  at most {side.most}: {'BROKEN' if over else 'held'}" if side.most else ""
        print(
            f"{name:<34}{figure.seconds:>10.3f}{figure.processor:>11.3f}{figure.megabytes:>8.1f}{figure.requests:>10}{note}"
        )
        held = held and not over
    if peer:
        theirs = figures["paconn update"][1]
        for name in ("dataverse, update", "powerapps, update"):
            ours = figures[name][1]
            shares = (mine / its for mine, its in zip(ours[:3], theirs[:3], strict=True))
            wall, work, memory = (f"{share:.0%}" for share in shares)
            print(f"{name}: {wall} of paconn's time, {work} of its work, {memory} of its memory")
    return held


def _measured(sides: list[Side], address: str, rounds: int) -> dict[str, tuple[Side, Sample]]:
    taken: dict[str, list[Sample]] = {side.name: [] for side in sides}
    for number in range(rounds + 1):
        for side in sides:
            side.change(number)
            _tell(address, "faults", [])
            sample = _run(side)
            requests = len(_tell(address, "state", None)["requests"])
            if number:  # the first is to warm up
                taken[side.name].append(sample._replace(requests=requests))
    return {
        side.name: (
            side,
            Sample(
                *(median(one[place] for one in taken[side.name]) for place in range(3)), taken[side.name][0].requests
            ),
        )
        for side in sides
    }


def _run(side: Side) -> Sample:
    log = os.path.join(side.folder, "log")
    said = [(os.POSIX_SPAWN_OPEN, 1, log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), (os.POSIX_SPAWN_DUP2, 1, 2)]
    os.chdir(side.folder)
    began = time.perf_counter()
    process = os.posix_spawn(side.command[0], side.command, {**side.variables}, file_actions=said)
    _, status, usage = os.wait4(process, 0)
    seconds = time.perf_counter() - began
    if os.waitstatus_to_exitcode(status):
        with open(log, encoding="utf-8") as file:
            sys.exit(f"{side.name} failed:\n{file.read()}")
    # Linux counts in kilobytes, macOS in bytes.
    return Sample(
        seconds,
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss * (1024 if sys.platform == "linux" else 1) / 1024**2,
        0,
    )


def _ours(home: str, about: Mapping[str, str]) -> list[Side]:
    sides = []
    for backend, environment in (("dataverse", about["address"]), ("powerapps", about["environment_id"])):
        folder = os.path.join(home, backend)
        os.mkdir(folder)
        inputs = {
            "definition": "api.json",
            "mode": "express",
            "name": f"Orders through {backend}",
            "record": "file:record.json",
            "backend": backend,
            "environment": environment,
            "endpoints": f"power-apps={about['address']}",
            **{
                f"deployer-{name}": about[name.replace("-", "_")]
                for name in ("tenant-id", "client-id", "client-secret")
            },
        }
        variables = {
            "PATH": os.defpath,
            "AZURE_AUTHORITY_HOST": about["address"],
            **{f"INPUT_{name.upper()}": value for name, value in inputs.items()},
        }
        command = [sys.executable, "-I", os.path.join(ROOT, "entrypoint.py")]
        change = _changer(os.path.join(folder, "api.json"))
        most = MOST_REQUESTS if backend == "dataverse" else {}
        sides.append(Side(f"{backend}, update", command, folder, variables, change, most.get("update", 0)))
        still = most.get("unchanged", 0)
        sides.append(Side(f"{backend}, unchanged", command, folder, variables, lambda _: None, still))
    return sides


def _changer(path: str) -> Callable[[int], None]:
    """Give what writes the definition with another description each time."""
    with open(EXAMPLE, encoding="utf-8") as file:
        document = json.load(file)

    def change(number: int) -> None:
        document["info"]["description"] = f"Reads and writes the orders of the shop, told for the {number}th time."
        with open(path, "w", encoding="utf-8") as file:
            json.dump(document, file)

    return change


def _peer(home: str) -> tuple[str, str]:
    """Give the path of paconn and make what it needs of us; or say why it cannot take part."""
    peer = os.environ.get("PACONN") or PACONN  # noqa: TID251 - a tool, not the action
    openssl = shutil.which("openssl")
    if not os.path.exists(peer):
        return "", "it is not here (`make paconn` installs it)"
    if not openssl:
        return "", "openssl is not here, and makes the certificate that paconn shall trust"
    names = ",".join(f"DNS:{host}" for host in HOSTS)
    make = f"req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=standin -addext subjectAltName={names}"
    key, trust = os.path.join(home, "key.pem"), os.path.join(home, "trust.pem")
    subprocess.run([openssl, *make.split(), "-keyout", key, "-out", trust], check=True, capture_output=True)
    with open(os.path.join(home, "both.pem"), "wb") as both:
        for path in (key, trust):
            with open(path, "rb") as file:
                both.write(file.read())
    return peer, ""


def _theirs(home: str, about: Mapping[str, str], peer: str) -> list[Side]:
    """Let our manual mode make what paconn takes, and paconn create it once."""
    folder = os.path.join(home, "peer")
    os.makedirs(os.path.join(home, ".paconn"))
    token = {"token_type": "Bearer", "access_token": about["person_token"], "oid": about["person_oid"]}
    with open(os.path.join(home, ".paconn", "accessTokens.json"), "w", encoding="utf-8") as file:
        json.dump({**token, "expires_on": time.time() + 3600}, file)
    os.mkdir(folder)
    _changer(os.path.join(folder, "api.json"))(0)
    made = {"INPUT_DEFINITION": "api.json", "INPUT_RECORD": "none", "INPUT_BUNDLE-DIRECTORY": "bundle"}
    entry = os.path.join(ROOT, "entrypoint.py")
    subprocess.run([sys.executable, "-I", entry], cwd=folder, env=made, check=True, capture_output=True)
    bundle = os.path.join(folder, "bundle")
    variables = {
        "HOME": home,
        "PATH": os.defpath,
        "HTTPS_PROXY": about["address"],
        "REQUESTS_CA_BUNDLE": os.path.join(home, "trust.pem"),
    }
    path = os.path.join(bundle, "settings.json")
    with open(path, encoding="utf-8") as file:
        settings = {**json.load(file), "environment": about["environment_id"]}
    with open(path, "w", encoding="utf-8") as file:
        json.dump(settings, file)
    create = [peer, "create", "--settings", "settings.json", "--overwrite-settings"]
    subprocess.run(create, cwd=bundle, env=variables, check=True, capture_output=True)
    update = [peer, "update", "--settings", "settings.json"]
    return [
        Side("paconn update", update, bundle, variables, _changer(os.path.join(bundle, "apiDefinition.swagger.json")))
    ]


def _tell(address: str, name: str, body: Any) -> Any:  # noqa: ANN401 - JSON
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(f"{address}/_standin/{name}", data=data, timeout=10) as answer:  # noqa: S310
        return json.load(answer)


if __name__ == "__main__":
    sys.exit(main())
