"""No value of a secret is in the bundle, whoever gave it and however it could be written."""

import base64
import html
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

ROOT = Path(__file__).parents[2]
GIVEN = {
    "client_secret": 'client "secret" &1 <+/=%~é',
    "deployer_client_secret": "deployer's\\secret/2+==",
    "github_token": "ghs_0123456789abcdefghijklmnopqrstuv",
}
IN_FILES = {"in properties": "secret of the file &3", "in a set": "secret of a set /4", "custom": "custom secret +5"}


def forms(secret: str) -> Iterator[bytes]:
    """Give a secret in every way of writing it that something on the way could use."""
    octets = secret.encode()
    texts = (
        secret,
        quote(secret),
        quote(secret, safe=""),
        quote_plus(secret),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        json.dumps(json.dumps(secret))[3:-3],
        html.escape(secret),
        html.escape(secret, quote=False),
        html.escape(secret).replace("&#x27;", "&#39;"),
        repr(secret)[1:-1],
        octets.hex(),
    )
    yield from (text.encode() for text in texts)
    yield secret.encode("latin-1")
    yield secret.encode("utf-16-le")
    for shift in range(3):  # base64 of something that holds the secret: what does not depend on its neighbours
        inner = base64.b64encode(b"\0" * shift + octets)[4 * (shift > 0) : len(octets) // 3 * 4]
        yield inner
        yield inner.translate(bytes.maketrans(b"+/", b"-_"))


def unpacked(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    yield name, content
    if content.startswith(b"PK\3\4"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for inner in archive.namelist():
                yield from unpacked(f"{name}/{inner}", archive.read(inner))


def test_every_form_of_a_secret_would_be_found() -> None:
    secret = GIVEN["client_secret"]
    for shift in range(3):
        held = base64.b64encode(b"x" * shift + secret.encode() + b"yz")
        assert any(form in held for form in forms(secret))
    assert min(map(len, forms("x" * 20))) > 10


def _properties() -> dict[str, object]:
    token = {
        "type": "oauthSetting",
        "oAuthSettings": {
            "identityProvider": "oauth2",
            "clientId": "c",
            "clientSecret": IN_FILES["in properties"],
            "customParameters": {
                "clientSecret": {"value": IN_FILES["custom"]},
                "authorizationUrl": {"value": "https://a.example"},
                "tokenUrl": {"value": "https://t.example"},
            },
        },
    }
    of_set = {
        "type": "oauthSetting",
        "oAuthSettings": {"client_secret": IN_FILES["in a set"], "identityProvider": "aad"},
    }
    return {
        "connectionParameters": {"token": token},
        "connectionParameterSets": {"values": [{"name": "a", "parameters": {"token": of_set}}]},
    }


@pytest.mark.parametrize("auth", ["auto", "none", "api-key", "basic", "aad", "oauth2", "oauth2generic", "dropbox"])
@pytest.mark.parametrize("base", [False, True], ids=["", "with properties"])
def test_no_secret_is_in_the_bundle(auth: str, base: bool, run, workspace) -> None:
    (workspace / "api.json").write_bytes((ROOT / "examples/orders/swagger.json").read_bytes())
    (workspace / "icon.png").write_bytes((ROOT / "examples/orders/icon.png").read_bytes())
    inputs = {
        "definition": "api.json",
        "icon": "icon.png",
        "auth": auth,
        "record": "file:last.json",
        "client_id": "client",
        "resource_url": "api://orders",
        "authorization_url": "https://a.example",
        "token_url": "https://t.example",
        **GIVEN,
    }
    if base:
        (workspace / "apiProperties.json").write_text(json.dumps({"properties": _properties()}))
        inputs["properties"] = "apiProperties.json"
    result = run(**inputs)
    assert result.code == 0, result.log
    bundle = workspace / result.outputs["bundle-path"]
    files = [it for path in bundle.iterdir() for it in unpacked(path.name, path.read_bytes())]
    assert len(files) > 12
    for secret in (*GIVEN.values(), *(IN_FILES.values() if base else ())):
        for form in set(forms(secret)):
            assert [name for name, content in files if form in content] == []
