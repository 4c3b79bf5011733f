"""Tells what may stand in an address and in a line of text, and gives addresses in one spelling."""

from __future__ import annotations

import re


def is_address(text: str) -> bool:
    """
    Tell whether a text is an https address; http will do on this machine (where stand-ins run).

    >>> [is_address(text) for text in ("https://a.example/x", "http://127.0.0.1:80", "http://a.example", "https://u@a")]
    [True, True, False, False]
    """
    return "://" in text and bool(  # most are paths, and a pattern takes long to make
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


_GUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_ENVIRONMENT_ID = rf"((?:[A-Za-z]+-)?)({_GUID})"
_OF_PORTALS = rf"https://[^/?#]+/(?:[^?#]*/)?environments/(?:environment/)?{_ENVIRONMENT_ID}(?:[/?#].*)?"
_DATAVERSE = (
    r"([a-z0-9-]+)(?:\.api)?(\.crm[0-9]*\.(?:dynamics\.com|microsoftdynamics\.us|appsplatform\.us|dynamics\.cn))"
)


def is_environment_id(text: str) -> bool:
    """
    Tell whether a text is the id of an environment; the default one has its tenant's id, with a word in front.

    >>> is_environment_id("Default-11111111-1111-1111-1111-111111111111"), is_environment_id("Contoso")
    (True, False)
    """
    return re.fullmatch(_ENVIRONMENT_ID, text) is not None


def environment(text: str) -> str:
    """
    Give an environment in one spelling, however it was copied: records are named after it.

    An address of its Dataverse has two hosts, and people leave its beginning out; pages of the portals hold the id.

    >>> environment("https://Contoso.api.crm4.dynamics.com/main.aspx"), environment("contoso.crm4.dynamics.com")
    ('https://contoso.crm4.dynamics.com', 'https://contoso.crm4.dynamics.com')
    >>> environment("https://make.powerapps.com/environments/default-AAAAAAAA-1111-1111-1111-111111111111/home")
    'Default-aaaaaaaa-1111-1111-1111-111111111111'
    """
    named = re.fullmatch(_ENVIRONMENT_ID, text) or re.fullmatch(_OF_PORTALS, text)
    if named:
        return f"{named[1].capitalize()}{named[2].lower()}"
    address = origin(text) if "://" in text else f"https://{text.lower()}"
    dataverse = re.fullmatch(rf"https://{_DATAVERSE}(?::443)?(?:[/?#].*)?", address)
    if dataverse:
        return f"https://{dataverse[1]}{dataverse[2]}"
    return address if "://" in text else text


def has_control(text: str) -> bool:
    """Tell whether there is a line break or another control character in a text."""
    return any(ord(character) < ord(" ") for character in text)
