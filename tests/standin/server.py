"""
A stand-in for Power Platform on this machine: sign-in, a workflow's identity, and one environment with two doors to its
connectors, Dataverse and what `paconn` uses (Power Apps, Flow and the storage for icons and scripts).

    python tests/standin/server.py [--port 0] [--state file.db] [--certificate chain-and-key.pem]

With a certificate it is a proxy too (HTTPS_PROXY): whoever asks for a host of the certificate gets the stand-in, so that a
client needs no address of ours in its settings.

prints, as its first line, a JSON object with the address and with what signs in there. It ends with its parent's pipe
(end of standard input) when it is started with --until-eof. It is told what to do under /_standin/:

    GET  /_standin/state      {"rows": [...], "requests": ["GET /path 200", ...], "holds": false}
    POST /_standin/reset      forget rows, requests, faults and options
    POST /_standin/options    change options (OPTIONS in standin_entra and standin_dataverse)
    POST /_standin/edit       {"displayname": ..., "columns": {...}}: what somebody does by hand
    POST /_standin/faults     [{"match": "POST .*/connectors$", "kind": "503", "times": 1, "skip": 0, "retry_after": 0}]
                              kinds: a status, drop-before, drop-after, lost (answered but not done), slow (seconds),
                              hold (until released), page (answered with this body, status and headers; `done`: after
                              its effect; `packed`: zeros of so many megabytes, compressed), cut (half of the answer)
    POST /_standin/release    let the request go on that is held
"""

from __future__ import annotations

import argparse
import copy
import gzip
import json
import re
import ssl
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import standin_dataverse
import standin_entra
import standin_environments
import standin_makers
import standin_powerapps
from standin_dataverse import API, Asked, Dataverse
from standin_entra import CLIENT, RUNNER_TOKEN, SECRET, TENANT, Entra, Said
from standin_powerapps import PowerApps
from standin_store import Store

OPTIONS = {
    **standin_entra.OPTIONS,
    **standin_dataverse.OPTIONS,
    **standin_powerapps.OPTIONS,
    **standin_environments.OPTIONS,
    **standin_makers.OPTIONS,
}


class World:
    """All that the stand-in knows, behind one lock."""

    def __init__(self, state: str) -> None:
        self.lock = threading.Lock()
        self.store = Store(state)
        self.options = copy.deepcopy(OPTIONS)
        self.entra = Entra(self.options)
        self.dataverse = Dataverse(self.store, self.options)
        self.power_apps = PowerApps(self.store, self.options)
        self.faults: list[dict[str, Any]] = []
        self.requests: list[str] = []
        self.released = threading.Event()
        self.holds = False

    def answer(self, asked: Asked) -> Said:
        """Answer one request of a client."""
        path = urlsplit(asked.path).path
        if path == "/runner/id-token":
            audience = parse_qs(urlsplit(asked.path).query).get("audience", [""])[0]
            return self.entra.identity(asked.headers.get("authorization", ""), audience)
        sign_in = re.fullmatch(r"/([^/]+)/oauth2/v2\.0/token", path)
        if sign_in and asked.method == "POST":
            form = dict(parse_qsl(asked.body.decode(), keep_blank_values=True))
            return self.entra.token(sign_in[1], form, asked.origin)
        others = path.startswith((*standin_powerapps.PATHS, standin_environments.PATH))
        if others or (asked.secure and not path.startswith(API)):
            return self._platform(asked, path)
        if path.startswith(API):
            scheme, _, token = asked.headers.get("authorization", "").partition(" ")
            if scheme != "Bearer" or self.entra.tokens.get(token) != "dataverse":
                return Said(401, headers={"WWW-Authenticate": f"Bearer authorization_uri={asked.origin}"})
            return self.dataverse.answer(asked._replace(path=asked.path.removeprefix(API)))
        return Said(404, "<html>nothing here</html>")

    def _platform(self, asked: Asked, path: str) -> Said:
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        signed_in = self.entra.tokens.get(token) == "power-apps"
        if path.startswith(standin_environments.PATH):
            return standin_environments.answer(asked, self.options, signed_in=signed_in)
        return self.power_apps.answer(asked, standin_entra.OID if signed_in else "")

    def fault(self, line: str) -> dict[str, Any]:
        """Give the fault that this request shall meet, if any."""
        for fault in self.faults:
            if re.search(fault["match"], line):
                if fault.get("skip", 0) > 0:
                    fault["skip"] -= 1
                elif fault.get("times", 1) > 0:
                    fault["times"] = fault.get("times", 1) - 1
                    return fault
        return {}

    def control(self, name: str, body: Any) -> Said:
        """Do what a test tells us."""
        match name:
            case "state":
                columns = ("id", "version", "columns", "secrets", "solution")
                rows = [dict(zip(columns, row, strict=True)) for row in self.store.rows()]
                return Said(200, {"rows": rows, "requests": self.requests, "holds": self.holds})
            case "reset":
                self.store.clear()
                self.options.update(copy.deepcopy(OPTIONS))
                self.faults.clear()
                self.requests = []  # a new one: what is still being answered belongs to the old
            case "release":
                self.released.set()
            case "options":
                self.options.update(body)
            case "faults":
                self.faults[:] = body
                self.requests = []
            case "edit":
                for row_id, _, columns, secrets, solution in list(self.store.rows()):
                    if columns["displayname"] == body["displayname"]:
                        self.store.put(row_id, {**columns, **body["columns"]}, secrets, solution)
            case _:
                return Said(404)
        return Said(200, {})


class Handler(BaseHTTPRequestHandler):
    """Speaks HTTP for a world."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet per answer, and no packet waits for the one before it to be acknowledged (40 ms)
    disable_nagle_algorithm = True
    world: World
    certificate: ssl.SSLContext | None

    def do_CONNECT(self) -> None:
        """Become the host that the client asks for."""
        if self.certificate is None:
            return self.say(Said(405, "no proxy without --certificate"))
        self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        self.wfile.flush()
        self.connection = self.certificate.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb", self.rbufsize)
        self.wfile = self.connection.makefile("wb", self.wbufsize)
        self.close_connection = False
        return None

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        secure = isinstance(self.connection, ssl.SSLSocket)
        origin = f"{'https' if secure else 'http'}://{self.headers['Host']}"
        if self.path.startswith("/_standin/"):
            with self.world.lock:
                self.say(self.world.control(self.path.removeprefix("/_standin/"), json.loads(body or b"null")))
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, self.path, headers, body, origin, secure)
        path = urlsplit(self.path).path
        with self.world.lock:
            fault = self.world.fault(f"{self.command} {path}")
            requests = self.world.requests
        kind = fault.get("kind", "")
        if kind == "slow":
            time.sleep(fault["seconds"])
        if kind == "hold":
            self.world.released.clear()
            self.world.holds = True
            self.world.released.wait(20)
            self.world.holds = False
        if kind.isdigit():
            wait = {"Retry-After": str(fault["retry_after"])} if "retry_after" in fault else {}
            said: Said | None = Said(int(kind), {"error": {"code": "0x80072322", "message": "told to fail"}}, wait)
        elif kind == "drop-before":
            said = None
        elif kind == "lost":
            said = Said(204)
        elif kind == "page" and not fault.get("done"):
            said = _page(fault)
        else:
            with self.world.lock:
                said = self.world.answer(asked)
            said = None if kind == "drop-after" else _half(said) if kind == "cut" else said
            said = _page(fault) if kind == "page" else said
        with self.world.lock:
            requests.append(f"{self.command} {path} {said.status if said else 'dropped'}")
        if said is None:
            self.close_connection = True
        else:
            self.say(said)

    do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = handle_any  # noqa: N815

    def say(self, said: Said) -> None:
        text = said.body if isinstance(said.body, str | bytes) else json.dumps(said.body)
        content = b"" if said.body is None else text if isinstance(text, bytes) else text.encode()
        self.send_response(said.status)
        for name, value in said.headers.items():
            self.send_header(name, value)
        if said.status != 204:
            if "Content-Type" not in said.headers:
                self.send_header("Content-Type", "application/json; odata.metadata=minimal")
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


def _page(fault: dict[str, Any]) -> Said:
    """Give the answer that a test wrote."""
    packed = fault.get("packed", 0)
    more = {"Content-Encoding": "gzip"} if packed else {}
    body = gzip.compress(bytes(packed << 20), 1) if packed else fault.get("body", "")
    return Said(fault.get("status", 200), body, {**fault.get("headers", {}), **more})


def _half(said: Said) -> Said:
    """Cut an answer off in the middle."""
    text = said.body if isinstance(said.body, str | bytes) else json.dumps(said.body)
    return said._replace(body=text[: len(text) // 2])


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say what broke, but not that a client hung up."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def start(port: int, state: str, certificate: str = "") -> Server:
    """Make a server that is ready to serve."""
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    bound = {"world": World(state), "certificate": context}
    return Server(("127.0.0.1", port), type("Bound", (Handler,), bound))


def main() -> None:
    parser = argparse.ArgumentParser(description="A stand-in for Power Platform")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--state", default=":memory:")
    parser.add_argument("--certificate", default="")
    parser.add_argument("--until-eof", action="store_true")
    chosen = parser.parse_args()
    server = start(chosen.port, chosen.state, chosen.certificate)
    address = f"http://127.0.0.1:{server.server_address[1]}"
    about = {
        "address": address,
        "tenant_id": TENANT,
        "client_id": CLIENT,
        "client_secret": SECRET,
        "id_token_url": f"{address}/runner/id-token?api-version=2.0",
        "id_token_token": RUNNER_TOKEN,
        "power_apps_audience": standin_entra.POWER_APPS,
        "environment_id": standin_powerapps.ENVIRONMENT["name"],
        "person_token": standin_powerapps.PERSON["token"],
        "person_oid": standin_powerapps.PERSON["oid"],
    }
    sys.stdout.write(json.dumps(about) + "\n")
    sys.stdout.flush()
    if chosen.until_eof:
        threading.Thread(target=lambda: (sys.stdin.read(), server.shutdown()), daemon=True).start()
    try:
        server.serve_forever(0.05)
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
