"""Which addresses requests are sent to, and what two of them have in common."""

from __future__ import annotations

from exporter.model.errors import WrongInputs

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def is_here(url: str) -> bool:
    """Tell whether an address is on this very machine."""
    try:
        return _host(url) in LOOPBACK
    except ValueError:
        return False


def _host(url: str) -> str:
    from urllib.parse import urlsplit

    return urlsplit(url).hostname or ""


def origin_of(url: str) -> tuple[str, str, int | None]:
    """Give scheme, host and port. Raises ValueError."""
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port


def check_address(url: str) -> None:
    """Raise WrongInputs for an address that is not https; http will do on this very machine."""
    try:
        scheme, host, _ = origin_of(url)
    except ValueError:
        scheme, host = "", ""
    if not host or (scheme != "https" and not (scheme == "http" and host in LOOPBACK)):
        raise WrongInputs(
            f"`{url.partition('?')[0]}` is not an https address.",
            advice="Use an address that begins with https://; plain http is only for this very machine.",
        )
