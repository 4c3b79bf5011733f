"""Names, ids and addresses as Dataverse wants them."""

from __future__ import annotations

import re


def is_guid(text: str) -> bool:
    """Tell whether a text is the id of a row."""
    return re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text) is not None


def is_internal_id(text: str) -> bool:
    """
    Tell whether a text is the id that a connector goes by at run time; it becomes part of addresses.

    >>> is_internal_id("shared_orders-5fa01401f8686d3773"), is_internal_id("shared_orders/../other?x=1")
    (True, False)
    """
    return re.fullmatch(r"shared_[A-Za-z0-9_.-]{1,400}", text) is not None


def literal(text: str) -> str:
    """
    Quote a text for an OData filter in an address (OData 4.01 URL conventions, 5.1.1.6.1).

    >>> literal("Bob's & Sons")
    "'Bob%27%27s%20%26%20Sons'"
    """
    from urllib.parse import quote

    doubled = text.replace("'", "''")
    return f"'{quote(doubled, safe='')}'"


def guid_for(environment: str, logical: str) -> str:
    """
    Make the id of a new row: always the same for the same name in the same environment (RFC 9562, version 5).

    >>> guid_for("https://a.example", "new_a") == guid_for("https://a.example", "new_a")
    True
    """
    import uuid

    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{environment}/connectors/{logical}"))


def connector_url(environment: str, row_id: str) -> str:
    """Give the page of a connector's row; the maker portal's own page needs ids that Dataverse does not give."""
    return f"{environment}/main.aspx?pagetype=entityrecord&etn=connector&id={row_id}"
