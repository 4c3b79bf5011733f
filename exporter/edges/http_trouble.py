"""What goes wrong between us and a service, and how we say it without saying what is secret."""

from typing import NamedTuple

from exporter.model.errors import ServiceFailed

BETWEEN = "Something between the runner and the service may have answered instead, such as a proxy."


class UnknownHost(ServiceFailed):
    """The name of the host leads nowhere."""


class MaybeDone(ServiceFailed):
    """The answer to a request that must not simply be sent again was lost: it may have been carried out."""


class Trouble(NamedTuple):
    """Why one try gave no useful answer."""

    words: str
    maybe_done: bool = True
    running: bool = False
    """Whether the service may be at it still: it was only we who stopped waiting."""
    retry_after: float | None = None
    hopeless: bool = False
    unknown_host: bool = False
    trace: str = ""
    status: int = 0
    start: bytes = b""
    """How the body of an answer that says no begins."""
    advice: str = ""
    """What now; empty where running again is all there is to do."""


_CERTIFICATE = (
    "A proxy's own certificate belongs into a file that REQUESTS_CA_BUNDLE names. Without a proxy, compare the address."
)


def described(method: str, url: str, service: str = "") -> str:
    """
    Say what is asked of whom, without the query string: it may hold a signature.

    >>> described("GET", "https://contoso.crm4.dynamics.com/api/data/v9.2/connectors?sig=1", "Dataverse")
    'Dataverse, GET contoso.crm4.dynamics.com/api/data/v9.2/connectors'
    """
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    return f"{service}{', ' if service else ''}{method} {parts.hostname or ''}{parts.path}"


def seconds_to_wait(text: str) -> float | None:
    """
    Read a Retry-After header, seconds or a date (RFC 9110, 10.2.3); None for nonsense.

    >>> seconds_to_wait("7"), seconds_to_wait("soon")
    (7, None)
    """
    from urllib3.exceptions import InvalidHeader
    from urllib3.util.retry import Retry

    try:
        return Retry(retry_after_max=24 * 3600).parse_retry_after(text) if text else None
    except (InvalidHeader, OverflowError, ValueError):
        return None


def trouble_of(error: Exception) -> Trouble:
    """Put an exception into words of our own: its text holds the whole address, and that may be secret."""
    import requests
    from urllib3.exceptions import (
        LocationValueError,
        NameResolutionError,
        NewConnectionError,
        ProtocolError,
        ReadTimeoutError,
    )

    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", None)
    match error:
        case requests.ConnectTimeout():
            trouble = Trouble("could not be reached in time", maybe_done=False)
        case requests.Timeout() | ReadTimeoutError():
            trouble = Trouble("took too long to answer", running=True)
        case requests.exceptions.ProxyError():
            trouble = Trouble("could not be reached through the proxy", maybe_done=False)
        case requests.exceptions.SSLError():
            trouble = Trouble(
                "has a certificate that this machine does not trust", False, hopeless=True, advice=_CERTIFICATE
            )
        case requests.ConnectionError() if isinstance(reason, NameResolutionError):
            trouble = Trouble("has a host name that is not known", maybe_done=False, unknown_host=True)
        case requests.exceptions.InvalidURL() | LocationValueError():
            trouble = Trouble("has a host name that cannot be one", maybe_done=False, unknown_host=True, hopeless=True)
        case requests.exceptions.InvalidHeader() | UnicodeError():
            words = "was not asked, because a token or another header holds characters that cannot be sent"
            trouble = Trouble(words, maybe_done=False, hopeless=True, advice="Set the secrets of the step anew.")
        case requests.ConnectionError() if isinstance(reason, NewConnectionError):
            trouble = Trouble("refused the connection", maybe_done=False)
        case requests.ConnectionError() | ProtocolError():
            slow = any(isinstance(one, TimeoutError) for one in getattr(cause, "args", ()))
            trouble = Trouble("took too long to take what it was sent" if slow else "dropped the connection")
        case _:
            trouble = Trouble("sent an answer that cannot be read", hopeless=True, advice=BETWEEN)
    return trouble


def sentence(asked: str, trouble: Trouble, number: int) -> str:
    """Say what happened after so many tries."""
    tries = "" if number == 1 else f" ({number} tries)"
    trace = f" (request id {trouble.trace})" if trouble.trace else ""
    return f"{asked}: the service {trouble.words}{tries}{trace}."


def maybe_done(asked: str, trouble: Trouble, number: int) -> MaybeDone:
    """Make the error for a request that must not be sent again."""
    return MaybeDone(
        sentence(asked, trouble, number),
        advice="It may have been carried out all the same. Run again: the next run looks what is there.",
    )


def gave_up(asked: str, trouble: Trouble, number: int) -> ServiceFailed:
    """Make the error for the end of patience."""
    if trouble.unknown_host:
        return UnknownHost(sentence(asked, trouble, number), advice="Check the address for a typing error.")
    advice = trouble.advice or "Nothing is remembered of this run, so simply run it again when the service is back."
    if trouble.retry_after is not None:
        advice = f"It asks to wait for {trouble.retry_after:.0f} s. Run again after that."
    return ServiceFailed(sentence(asked, trouble, number), advice=advice)
