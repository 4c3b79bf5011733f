"""Makes an HTML document that stands alone: its own style and script are all that its policy allows."""

from __future__ import annotations

import binascii

from exporter.comparison.fingerprint import sha256
from exporter.reporting.escaping import html, plain


def document(  # noqa: PLR0913 - what two pages do not share
    title: str, body: str, *, style: str, script: str = "", language: str = "en", attributes: str = ""
) -> bytes:
    """
    Give a document in UTF-8; `body` and `attributes` (of the body) are HTML already.

    Nothing is fetched, and no style or script runs but these (Content Security Policy level 3, §2.3.1): not even one
    that a text out of a definition would bring along.
    """
    scripts = f" script-src '{_digest(script)}';" if script else ""
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}';{scripts} img-src data:; base-uri 'none'; form-action 'none'"
    )
    run = f"<script>{script}</script>\n" if script else ""
    whole = (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{html(plain(title))}</title>\n<style>{style}</style>\n</head>\n"
        f"<body{attributes and ' '}{attributes}>\n{body}\n{run}</body>\n</html>\n"
    )
    return whole.encode("utf-8", "replace")


def data_png(content: bytes) -> str:
    """Give an image as an address that holds the image itself."""
    return f"data:image/png;base64,{_base64(content)}"


def _digest(text: str) -> str:
    return "sha256-" + _base64(bytes.fromhex(sha256(text.encode())))


def _base64(content: bytes) -> str:
    return binascii.b2a_base64(content, newline=False).decode()
