"""One patient HTTP client for every service we talk to: bounded, https only, and never a word of what is secret."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from exporter.edges.http_addresses import check_address, is_here, origin_of
from exporter.edges.http_body import LARGEST_BODY, beginning_of, body_of, read_body
from exporter.edges.http_trouble import (
    BETWEEN,
    Trouble,
    described,
    gave_up,
    maybe_done,
    seconds_to_wait,
    trouble_of,
)
from exporter.model.errors import ServiceFailed
from exporter.model.json_values import Json

if TYPE_CHECKING:
    import requests

BUSY = frozenset({429, 500, 502, 503, 504})
"""Answers that may be better the next time."""
TURNED_AWAY = 429
"""The one of them that says that nothing was done: sending again is always safe."""
_GAVE_UP_WAITING = 504
"""A gateway's word for a timeout: the service behind it may be at it still."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 5
_REFUSED = 400
_MAY_TRAVEL = frozenset({"accept", "user-agent"})
_TRACES = ("x-ms-service-request-id", "x-ms-request-id", "x-github-request-id")


class Patience(NamedTuple):
    """How long we try; all but `tries` in seconds."""

    tries: int = 5
    base_delay: float = 1.0
    """The first pause; it doubles from there."""
    longest_delay: float = 60.0
    total: float = 300.0
    """All tries and pauses of one request together."""
    connect: float = 10.0
    silence: float = 60.0
    """How long a service may send nothing at all."""


PATIENCE = Patience()


class Answer(NamedTuple):
    """What a service answered."""

    status: int
    headers: Mapping[str, str] = {}
    """Names in lower case."""
    body: bytes = b""
    asked: str = ""
    """Who was asked for what, in words that may be shown: no query string, no header, no body."""

    def json(self) -> Json:
        """Read the body; None where it is empty. Raises ServiceFailed for what is no JSON (a proxy's login page)."""
        if not self.body.strip():
            return None
        try:
            value: Json = json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise ServiceFailed(
                f"The answer is not JSON: {self.asked} (status {self.status}).",
                advice=BETWEEN,
            ) from error
        return value

    def details(self) -> Json:
        """Read the body of a refusal, which may be anything; None where it is no JSON."""
        try:
            return self.json()
        except ServiceFailed:
            return None


class Http:
    """
    Sends requests, patiently.

    Sent again after 429, 500, 502, 503, 504 and broken connections, with growing, jittered pauses or the service's own
    Retry-After: every request that does no harm when it is carried out twice (RFC 9110, 9.2.2), and every request that
    surely was not carried out. `sleep` and `clock` are handed in by tests; `tell` gets a line before each pause. `stay`
    follows no redirect to another host.
    """

    def __init__(
        self,
        patience: Patience = PATIENCE,
        *,
        sleep: Callable[[float], None] | None = None,
        clock: Callable[[], float] | None = None,
        tell: Callable[[str], None] | None = None,
        stay: bool = False,
    ) -> None:
        import time

        self._patience = patience
        self._sleep = sleep or time.sleep
        self._clock = clock or time.monotonic
        self._tell = tell
        self._stay = stay
        self._session: requests.Session | None = None
        self._deadline = 0.0

    def request(  # noqa: PLR0913  one request is all of this; everything but the first two by name
        self,
        method: str,
        url: str,
        *,
        service: str = "",
        headers: Mapping[str, str] | None = None,
        json: Json = None,
        form: Mapping[str, str] | None = None,
        data: bytes | None = None,
        repeatable: bool | None = None,
        look_first: Callable[[], Answer | None] | None = None,
        final: bytes = b"",
        stay: bool = False,
    ) -> Answer:
        """
        Send a request and give the answer, whatever its status, unless that is one of BUSY to the end.

        `service` is its name in messages. The body is one of `json`, `form` and `data`. `repeatable` says that sending
        it twice does no harm (by default GET, HEAD, PUT, DELETE, OPTIONS). `look_first` is for a request that would: it
        is called when an answer was lost, and what it gives counts as the answer; None means that nothing was done yet.
        What may still be carried out is looked for again and again, and not sent again.
        An answer among BUSY whose body begins with something that holds `final` will not get better: it is given back.
        `stay` follows no redirect to another host, as the client's own does.

        Raises ServiceFailed (MaybeDone, UnknownHost) when patience ends, WrongInputs for an address that is not https.
        """
        from urllib3.util.retry import Retry

        check_address(url)
        asked = described(method, url, service)
        content, kind = body_of(json, form, data)
        sent = {"User-Agent": "connector-exporter", "Accept": "application/json", **kind, **(headers or {})}
        again = method in Retry.DEFAULT_ALLOWED_METHODS if repeatable is None else repeatable
        deadline = self._clock() + self._patience.total
        trouble = Trouble("was not asked")
        number = 0
        while number < self._patience.tries:
            number += 1
            if again or not trouble.running:
                got = self._once(method, url, sent, content, deadline, stay=stay or self._stay)
                if isinstance(got, Answer):
                    return got._replace(asked=asked)
                trouble = got
            if final and final in trouble.start:
                return Answer(trouble.status, {}, trouble.start, asked)
            if trouble.hopeless:
                break
            if trouble.maybe_done and not again and look_first is None:
                raise maybe_done(asked, trouble, number)
            more = self._wait(asked, trouble, number, deadline)
            if trouble.maybe_done and look_first is not None and (answer := look_first()) is not None:
                return answer
            if not more:
                break
        # After it was sent once, it was only looked for.
        raise maybe_done(asked, trouble, 1) if trouble.running and not again else gave_up(asked, trouble, number)

    def _wait(self, asked: str, trouble: Trouble, number: int, deadline: float) -> bool:
        """Wait until the next try; False where there is none."""
        import random

        patience = self._patience
        pause = min(patience.longest_delay, patience.base_delay * 2 ** (number - 1)) * random.uniform(0.5, 1)  # noqa: S311 - no secret
        if trouble.retry_after is not None:
            pause = trouble.retry_after
        if number >= patience.tries or self._clock() + pause > deadline:
            return False
        if self._tell:
            self._tell(f"{asked}: {trouble.words}; try {number + 1} of {patience.tries} in {pause:.0f} s")
        self._sleep(pause)
        return True

    def _once(  # noqa: PLR0913  as above
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: bytes | None,
        deadline: float,
        *,
        stay: bool,
    ) -> Answer | Trouble:
        """Send it once, following redirects of reads; credentials never follow to another host."""
        from urllib.parse import urljoin

        import requests
        from urllib3.exceptions import HTTPError

        for _ in range(_MOST_REDIRECTS + 1):
            check_address(url)
            try:
                answer = self._exchange(method, url, headers, content, deadline)
            except (requests.RequestException, HTTPError, ValueError) as error:  # the last: a redirect to nonsense
                return trouble_of(error)
            if isinstance(answer, Trouble):
                return answer
            target = answer.headers.get("location", "")
            if method not in {"GET", "HEAD"} or answer.status not in _REDIRECTS or not target:
                return answer
            before = url
            try:
                url = urljoin(before, target)
                moved = origin_of(url) != origin_of(before)
            except ValueError:
                return Trouble("led to something that is no address", maybe_done=False, hopeless=True, advice=BETWEEN)
            if moved:
                headers = {name: value for name, value in headers.items() if name.lower() in _MAY_TRAVEL}
                if stay or not url.startswith("https://"):
                    place = "elsewhere" if stay else "not https"
                    return Trouble(
                        f"led to an address that is {place}", maybe_done=False, hopeless=True, advice=BETWEEN
                    )
        return Trouble("led from one address to the next without end", maybe_done=False, hopeless=True, advice=BETWEEN)

    def _exchange(
        self, method: str, url: str, headers: Mapping[str, str], content: bytes | None, deadline: float
    ) -> Answer | Trouble:
        self._deadline = deadline
        left = max(0.01, deadline - self._clock())
        with self._opened().request(
            method,
            url,
            headers=headers,
            data=content,
            timeout=(min(self._patience.connect, left), min(self._patience.silence, left)),
            stream=True,
            allow_redirects=False,
            proxies={"http": "", "https": "", "all": ""} if is_here(url) else None,
        ) as response:
            names = {name.lower(): value for name, value in response.headers.items()}
            if response.status_code in BUSY:
                return Trouble(
                    f"answered {response.status_code}",
                    maybe_done=response.status_code != TURNED_AWAY,
                    running=response.status_code == _GAVE_UP_WAITING,
                    retry_after=seconds_to_wait(names.get("retry-after", "")),
                    trace=next((names[name] for name in _TRACES if name in names), ""),
                    status=response.status_code,
                    start=beginning_of(response),
                )
            body = read_body(response, LARGEST_BODY + 1)
            if len(body) > LARGEST_BODY:
                return Trouble(f"answered more than {LARGEST_BODY // 1024 // 1024} MB", hopeless=True, advice=BETWEEN)
            return Answer(response.status_code, names, _without_echo(body, response.status_code, headers))

    def _opened(self) -> requests.Session:
        if self._session is None:
            import requests

            from exporter.edges.http_deadline import DeadlineAdapter

            self._session = requests.Session()
            adapter = DeadlineAdapter(lambda: self._deadline - self._clock())
            self._session.mount("https://", adapter)
            self._session.mount("http://", adapter)
            # Without this, a .netrc in the home folder would replace our Authorization header.
            self._session.auth = lambda prepared: prepared
            # Else requests reads the whole body of a redirect by itself, however large it unpacks to.
            self._session.get_redirect_target = lambda resp: None  # type: ignore[method-assign]  # noqa: ARG005
        return self._session

    def close(self) -> None:
        """Let go of open connections."""
        if self._session is not None:
            self._session.close()
            self._session = None


def _without_echo(body: bytes, status: int, headers: Mapping[str, str]) -> bytes:
    """Take our own token out of a refusal, whose words are shown: some services quote what they were sent."""
    token = headers.get("Authorization", "").partition(" ")[2].encode("utf-8", "replace")
    return body.replace(token, b"***") if token and status >= _REFUSED else body
