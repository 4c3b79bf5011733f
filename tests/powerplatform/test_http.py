from __future__ import annotations

import contextlib
import gzip
import socket
import threading
import time
import tracemalloc
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from exporter.edges.http import Http, Patience
from exporter.edges.http_deadline import _Timed
from exporter.edges.http_trouble import MaybeDone, UnknownHost
from exporter.edges.powerplatform.power_apps_api import PowerAppsApi
from exporter.model.errors import ServiceFailed, WrongInputs
from exporter.settings.clouds import CLOUDS


class Scripted(BaseHTTPRequestHandler):
    """Answers what the script says, one line per request; an empty script means 200."""

    protocol_version = "HTTP/1.1"
    script: list[tuple[int, dict[str, str]]]
    seen: list[tuple[str, str, dict[str, str], bytes]]

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.seen.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body))
        status, headers = self.script.pop(0) if self.script else (200, {})
        if status == 0:
            self.close_connection = True
            self.connection.close()
            return
        content = b'{"fine":true}'
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PATCH = handle_any  # noqa: N815

    def log_message(self, *_: object) -> None:
        pass


class Service:
    def __init__(self) -> None:
        self.handler = type("Handler", (Scripted,), {"script": [], "seen": []})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler)
        self.server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()


@pytest.fixture
def service() -> Iterator[Service]:
    running = Service()
    yield running
    running.server.shutdown()
    running.server.server_close()


class Pauses:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def clock(self) -> float:
        return sum(self.slept)


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
def http(pauses: Pauses) -> Iterator[Http]:
    client = Http(Patience(tries=4, base_delay=1, longest_delay=8, total=60), sleep=pauses.sleep, clock=pauses.clock)
    yield client
    client.close()


def test_an_answer_is_given_as_it_is(service: Service, http: Http) -> None:
    answer = http.request("GET", f"{service.url}/a?b=1", headers={"Authorization": "Bearer t"})
    assert (answer.status, answer.json()) == (200, {"fine": True})
    method, path, headers, _ = service.handler.seen[0]
    assert (method, path, headers["authorization"]) == ("GET", "/a?b=1", "Bearer t")


@pytest.mark.parametrize("status", [404, 403, 412, 501])
def test_a_refusal_is_an_answer_and_not_asked_again(service: Service, http: Http, status: int) -> None:
    service.handler.script[:] = [(status, {})]
    assert http.request("GET", service.url).status == status
    assert len(service.handler.seen) == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 0])
def test_a_passing_trouble_is_waited_for(service: Service, http: Http, pauses: Pauses, status: int) -> None:
    service.handler.script[:] = [(status, {}), (status, {})]
    assert http.request("GET", service.url).status == 200
    assert len(service.handler.seen) == 3
    assert 0.5 <= pauses.slept[0] <= 1 <= pauses.slept[1] <= 2


@pytest.mark.parametrize(("after", "expected"), [("7", 7), (" 3 ", 3), ("Thu, 01 Jan 1970 00:00:00 GMT", 0)])
def test_retry_after_is_kept(service: Service, http: Http, pauses: Pauses, after: str, expected: int) -> None:
    service.handler.script[:] = [(429, {"Retry-After": after})]
    assert http.request("GET", service.url).status == 200
    assert pauses.slept == [expected]


@pytest.mark.parametrize("after", ["-5", "0.5", "soon", "NaN", "1e9", "9" * 5000])
def test_a_retry_after_that_is_nonsense_is_as_if_there_were_none(
    service: Service, http: Http, pauses: Pauses, after: str
) -> None:
    service.handler.script[:] = [(429, {"Retry-After": after})]
    assert http.request("GET", service.url).status == 200
    assert 0.5 <= pauses.slept[0] <= 1


@pytest.mark.parametrize("after", ["99999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_retry_after_beyond_all_patience_is_told_as_a_day(
    service: Service, http: Http, pauses: Pauses, after: str
) -> None:
    service.handler.script[:] = [(429, {"Retry-After": after})]
    with pytest.raises(ServiceFailed) as caught:
        http.request("GET", service.url)
    assert (pauses.slept, "86400 s" in caught.value.advice) == ([], True)


def test_a_pause_beyond_the_total_limit_ends_it_at_once(service: Service, http: Http, pauses: Pauses) -> None:
    service.handler.script[:] = [(429, {"Retry-After": "3600"})]
    with pytest.raises(ServiceFailed) as caught:
        http.request("GET", service.url, service="Dataverse")
    assert pauses.slept == []
    assert "3600 s" in caught.value.advice


def test_the_end_of_patience_says_who_was_asked_for_what_but_nothing_secret(service: Service, http: Http) -> None:
    service.handler.script[:] = [(503, {"x-ms-service-request-id": "abc"})] * 9
    with pytest.raises(ServiceFailed) as caught:
        http.request("GET", f"{service.url}/path?sig=hidden", service="Dataverse", headers={"Authorization": "hidden"})
    assert caught.value.message == (
        "Dataverse, GET 127.0.0.1/path: the service answered 503 (4 tries) (request id abc)."
    )
    assert "hidden" not in f"{caught.value.advice}{caught.value.__cause__}{caught.value.__context__}"
    assert len(service.handler.seen) == 4


@pytest.mark.parametrize("status", [503, 0])
def test_what_must_not_be_done_twice_is_not_sent_twice(service: Service, http: Http, status: int) -> None:
    service.handler.script[:] = [(status, {})]
    with pytest.raises(MaybeDone):
        http.request("POST", service.url, json={"a": 1})
    assert len(service.handler.seen) == 1


def test_what_was_turned_away_is_sent_again(service: Service, http: Http) -> None:
    service.handler.script[:] = [(429, {})]
    assert http.request("POST", service.url, json={"a": 1}).status == 200
    assert [body for *_, body in service.handler.seen] == [b'{"a":1}'] * 2


def test_a_lost_answer_is_looked_up_before_it_is_sent_again(service: Service, http: Http) -> None:
    looks = iter([None, http.request("GET", service.url + "/there")._replace(status=299)])
    service.handler.script[:] = [(0, {}), (503, {})]
    assert http.request("POST", service.url, json={}, look_first=lambda: next(looks)).status == 299
    assert [method for method, *_ in service.handler.seen] == ["GET", "POST", "POST"]


def test_a_form_is_sent_as_a_form(service: Service, http: Http) -> None:
    http.request("POST", service.url, form={"a": "b c&d"}, repeatable=True)
    assert service.handler.seen[0][3] == b"a=b+c%26d"


def test_credentials_do_not_follow_to_another_host(service: Service, http: Http) -> None:
    service.handler.script[:] = [(302, {"Location": "/next"}), (302, {"Location": "https://localhost:9/x"})] * 4
    with pytest.raises(ServiceFailed):
        http.request("GET", f"{service.url}/first", headers={"Authorization": "Bearer t"})
    assert [path for _, path, *_ in service.handler.seen][:2] == ["/first", "/next"]
    assert service.handler.seen[1][2]["authorization"] == "Bearer t"


def test_a_redirect_to_another_host_arrives_without_credentials(service: Service, http: Http) -> None:
    other = Service()
    try:
        service.handler.script[:] = [(302, {"Location": other.url})]
        with pytest.raises(ServiceFailed, match="not https"):
            http.request("GET", service.url, headers={"Authorization": "Bearer t"})
        assert other.handler.seen == []
    finally:
        other.server.shutdown()
        other.server.server_close()


def test_redirects_end(service: Service, http: Http) -> None:
    service.handler.script[:] = [(302, {"Location": "/again"})] * 20
    with pytest.raises(ServiceFailed, match="without end"):
        http.request("GET", service.url)


@pytest.mark.parametrize("url", ["http://example.com/a?sig=x", "ftp://example.com", "nonsense", "https://[oops", ""])
def test_only_https_leaves_this_machine(http: Http, url: str) -> None:
    with pytest.raises(WrongInputs) as caught:
        http.request("GET", url)
    assert "sig" not in caught.value.message


def test_an_unknown_host_and_a_closed_port_are_told_apart(http: Http, pauses: Pauses) -> None:
    with pytest.raises(UnknownHost):
        http.request("GET", "https://no-such-host.invalid/")
    with pytest.raises(ServiceFailed, match="refused the connection"):
        http.request("POST", "http://127.0.0.1:9/", json={})
    assert len(pauses.slept) == 6


def test_a_page_instead_of_json_is_no_empty_answer(service: Service, http: Http) -> None:
    answer = http.request("GET", service.url)._replace(body=b"<html>sign in</html>")
    assert answer.details() is None
    with pytest.raises(ServiceFailed):
        answer.json()


@pytest.mark.parametrize("host", ["a" * 64 + ".example", "a..example"])
def test_a_host_that_cannot_be_one_is_said_so(http: Http, host: str) -> None:
    with pytest.raises(UnknownHost, match="cannot be one"):
        http.request("GET", f"https://{host}/")


@pytest.mark.parametrize("token", ["to\u2026ken", "to\nken"])
def test_a_token_that_cannot_be_sent_is_said_so_and_not_shown(service: Service, http: Http, token: str) -> None:
    with pytest.raises(ServiceFailed, match="cannot be sent") as caught:
        http.request("GET", service.url, headers={"Authorization": f"Bearer {token}"})
    assert "ken" not in caught.value.message.replace("token", "")
    assert service.handler.seen == []


@pytest.mark.parametrize("target", ["http://[::1", "https://a.example:99999999/"])
def test_a_redirect_to_no_address_is_said_so(service: Service, http: Http, target: str) -> None:
    service.handler.script[:] = [(302, {"Location": target})]
    with pytest.raises(ServiceFailed, match="no address|cannot be read"):
        http.request("GET", service.url)


def test_a_refusal_does_not_give_our_token_back(service: Service, http: Http) -> None:
    service.handler.script[:] = [(403, {})]
    answer = http.request("GET", service.url, headers={"Authorization": "Bearer fine"})
    assert answer.body == b'{"***":true}'


def raw_service(*parts: bytes, pause: float = 0.0) -> Iterator[str]:
    """Answer every connection with these bytes, a pause behind each part."""
    listening = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listening.accept()
                with connection, contextlib.suppress(OSError):
                    connection.recv(65536)
                    for part in parts:
                        connection.sendall(part)
                        time.sleep(pause)

    threading.Thread(target=answer, daemon=True).start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    listening.close()


OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("head", "drop"),
    [
        (b"", b"H"),
        (b"HTTP/1.1 200 ", b"O"),
        (OK + b"X-Long: ", b"x"),
        (OK, b"X-Many: x\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (OK + b"Content-Length: 1000\r\n\r\n", b"x"),
        (b"HTTP/1.1 503 Busy\r\nContent-Length: 1000\r\n\r\n", b"x"),
        (CHUNKED + b"3;", b"x"),
        (CHUNKED + b"0\r\n", b"X-Trailer: x\r\n"),
    ],
    ids=["status", "reason", "header", "headers", "interim", "body", "busy", "chunk", "trailers"],
)
def test_an_answer_that_drips_in_is_not_waited_for(head: bytes, drop: bytes) -> None:
    began = time.monotonic()
    for url in raw_service(head, *[drop] * 400, pause=0.05):
        with pytest.raises(ServiceFailed, match="too long|503"):
            Http(Patience(tries=1, total=0.3, silence=1)).request("GET", url)
    assert time.monotonic() - began < 10  # of 20; a busy machine has time enough


def test_one_that_takes_a_request_slowly_is_not_waited_for() -> None:
    taken: list[int] = []

    class Slow:
        def send(self, data: bytes) -> None:
            taken.append(len(data))

    connection = type("Timed", (_Timed, Slow), {"left": staticmethod(lambda: 2 - len(taken))})()
    with pytest.raises(TimeoutError):
        connection.send(bytes(1 << 20))
    assert taken == [1 << 16] * 2


def test_one_that_takes_nothing_did_not_drop_the_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        with pytest.raises(MaybeDone, match="took too long to take"):
            Http(Patience(tries=1, connect=0.3)).request("POST", url, data=bytes(1 << 25))


def test_a_connection_is_used_again_with_a_time_of_its_own(service: Service, pauses: Pauses) -> None:
    http = Http(Patience(tries=1, total=5, silence=30), clock=pauses.clock)
    for _ in range(3):
        assert http.request("GET", service.url).status == 200
        pauses.sleep(10)
    http.close()


def test_a_refusal_that_breaks_off_is_a_refusal_all_the_same(pauses: Pauses) -> None:
    busy = b"HTTP/1.1 429 Busy\r\nRetry-After: 7\r\nContent-Length: 99\r\n\r\nx"
    for url in raw_service(busy):
        with pytest.raises(ServiceFailed, match="answered 429"):
            Http(Patience(tries=2), sleep=pauses.sleep).request("POST", url, json={})
    assert pauses.slept == [7]


@pytest.mark.parametrize("status", [b"200 OK", b"302 Found\r\nLocation: /next"])
def test_a_small_answer_that_unpacks_to_a_huge_one_is_cut_off(status: bytes) -> None:
    packed = gzip.compress(bytes(200 * 1024 * 1024), 1)
    head = b"HTTP/1.1 %b\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % (status, len(packed))
    tracemalloc.start()
    try:
        for url in raw_service(head + packed):
            with pytest.raises(ServiceFailed, match="more than 64 MB"):
                Http(Patience(tries=1)).request("GET", url)
        assert tracemalloc.get_traced_memory()[1] < 160 * 1024 * 1024
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("body", "words"),
    [(b"Content-Length: 9\r\n\r\nx", "dropped"), (b"Content-Encoding: gzip\r\n\r\n" + b"x" * 99, "cannot be read")],
)
def test_an_answer_that_ends_early_or_is_garbled_is_said_so(body: bytes, words: str) -> None:
    for url in raw_service(b"HTTP/1.1 200 OK\r\n" + body):
        with pytest.raises(ServiceFailed, match=words):
            Http(Patience(tries=1)).request("GET", url)


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/icon.png", "http://localhost/x", "https://[::1]/x"])
def test_a_service_cannot_send_us_to_this_very_machine(http: Http, address: str) -> None:
    api = PowerAppsApi(http, CLOUDS["public"], lambda: "", lambda _: "", lambda _: None)
    with pytest.raises(ServiceFailed, match="this very machine"):
        api.download(address)
