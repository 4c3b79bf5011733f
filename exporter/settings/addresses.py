"""Tells what may stand in an address and in a line of text."""

from __future__ import annotations

import re


def is_address(text: str) -> bool:
    """
    Tell whether a text is an https address; http will do on this machine (where stand-ins run).

    >>> [is_address(text) for text in ("https://a.example/x", "http://127.0.0.1:80", "http://a.example", "https://u@a")]
    [True, True, False, False]
    """
    return bool(
        re.fullmatch(r"https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[^\s@\\]*)?(\?[^\s\\]*)?", text)
        or re.fullmatch(r"http://(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?(/[^\s@\\]*)?", text)
    )


def origin(address: str) -> str:
    """
    Give scheme and host of an address in one spelling, whatever page of it somebody copied.

    >>> origin("https://Contoso.crm4.dynamics.com:443/main.aspx?appid=1")
    'https://contoso.crm4.dynamics.com'
    """
    from urllib.parse import urlsplit

    parts = urlsplit(address.strip())
    host = parts.netloc.lower()
    return f"{parts.scheme}://{host.removesuffix(':443') if parts.scheme == 'https' else host}"


def has_control(text: str) -> bool:
    """Tell whether there is a line break or another control character in a text."""
    return any(ord(character) < ord(" ") for character in text)
