"""The scanner of Python's json module, in C where there is one, with its types."""

from __future__ import annotations

import json
from collections.abc import Callable
from json import decoder
from typing import Any

scan_text: Callable[[str, int, bool], tuple[str, int]] = decoder.scanstring  # type: ignore[attr-defined]
"""Text, offset behind the opening quotation mark, strict: the string and the offset behind it. Raises JSONDecodeError."""

scan_value: Callable[[str, int], tuple[Any, int]] = json.JSONDecoder().scan_once  # type: ignore[attr-defined]
"""Text and offset: the value there and the offset behind it."""
