"""The name by which Dataverse knows a connector."""

from __future__ import annotations

_LONGEST = 500


def logical_name(prefix: str, name: str) -> str:
    """
    Make a connector's logical name: all but letters and digits as `-` and two hex digits, as the platform does.

    >>> logical_name("new", "Custom connector")
    'new_custom-20connector'
    """
    octets = name.lower().encode("utf-8", "replace")
    encoded = "".join(chr(one) if chr(one).isascii() and chr(one).isalnum() else f"-{one:02x}" for one in octets)
    return f"{prefix}_{encoded}"[:_LONGEST]
