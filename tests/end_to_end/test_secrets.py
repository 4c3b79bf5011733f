"""No secret is in anything that a run leaves behind, in whatever form it is written, however the run ends."""

import base64
import html
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from tests.end_to_end.conftest import ROOT, Express, Result, definition
from tests.end_to_end.test_express import OAUTH
from tests.github.test_artifacts import FakeRunner, runtime_token
from tests.powerplatform.certificates import certificate, key_text

HOSTILE = {
    "usual": "Zq8~hunter.2/with+signs=&%25",
    "quotes": "Zq8\"it's`hunter`\\2\\n$(id);#",
    "lines": "Zq8-first-line\r\nsecond line of it\n::error::third\n##[error]fourth",
    "unicode": "Zq8-höntër-дом-🔑-\u202e\u2028end",
    "command": "::add-mask::Zq8-hunter%0A::set-output name=a::b",
    "markup": "<b>Zq8-hunter</b> | [x](https://example.org) *y* @octo",
    "short": "q7~Z",
}
PLANTED = "plÄnted-$ecret/of the+author"


def encodings(secret: str) -> Iterator[str]:
    """Give a secret in every form that a program might write it in; made apart from what the program itself does."""
    lines = [line.strip() for line in secret.replace("\r", "\n").split("\n")]
    for text in {secret, *(line for line in lines if len(line) >= 4 and "-----" not in line)}:
        raw = text.encode()
        yield from (text, html.escape(text), quote(text), quote(text, safe=""), quote_plus(text), repr(text)[1:-1])
        for once in (json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]):
            yield from (once, json.dumps(once)[1:-1], json.dumps(once, ensure_ascii=False)[1:-1])
        yield raw.hex()
        yield dotnet(text)
        for shift in range(3):
            coded = base64.b64encode(b"\0" * shift + raw).decode().rstrip("=")
            middle = coded[4 if shift else 0 : len(coded) - 2]
            if len(middle) >= 6:
                yield from (middle, middle.replace("+", "-").replace("/", "_"))


def dotnet(text: str) -> str:
    """Write a text as .NET's JSON does."""
    plain = {letter for letter in text if ord(letter) < 128 and letter not in "\"&'+<>`"}
    number = {letter: letter.encode("utf-16-be").hex("|", 2).upper() for letter in text}
    return "".join(
        json.dumps(letter)[1:-1] if letter in plain else "".join(f"\\u{four}" for four in number[letter].split("|"))
        for letter in text
    )


def without_masks(log: str) -> str:
    return "\n".join(line for line in log.split("\n") if not line.startswith("::add-mask::"))


def left(express: Express, result: Result, given: set[Path]) -> str:
    """Give all that a run left behind, as one text."""
    folder = express.runner.folder
    files = [path for path in express.runner.workspace.rglob("*") if path.is_file() and path not in given]
    texts = [without_masks(result.log), result.summary, (folder / "output").read_text(), json.dumps(result.report)]
    texts += [path.read_bytes().decode("utf-8", "replace") for path in files]
    texts += [str(path) for path in files]
    texts += [json.dumps(express.standin.requests)]
    texts += [json.dumps([row["columns"] for row in express.standin.rows], ensure_ascii=False)]
    return "\n".join(texts)


def assert_none(secrets: dict[str, str], text: str) -> None:
    for name, secret in secrets.items():
        for form in encodings(secret):
            assert form not in text, f"{name} is there as {form!r}: {text[max(0, text.index(form) - 200) :][:500]}"


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_secret_that_is_there_is_found(kind: str) -> None:
    secret = HOSTILE[kind]
    line = secret.split("\n")[-1].strip()
    said = (secret, f"a: {line}!", quote_plus(secret), json.dumps({"a": secret}), json.dumps(json.dumps({"a": secret})))
    coded = () if kind == "short" else (base64.b64encode(f"x:{secret}".encode()).decode(),)  # too short to be told
    for text in (*said, html.escape(secret), *coded):
        with pytest.raises(AssertionError):
            assert_none({"it": secret}, text)


def planted(express: Express) -> set[Path]:
    """Put files with a secret of the author's into the workspace."""
    token = {
        "type": "oauthSetting",
        "oAuthSettings": {
            "identityProvider": "oauth2",
            "clientId": "c1",
            "clientSecret": PLANTED,
            "customParameters": {
                "client-secret": {"value": PLANTED},
                "authorizationUrl": {"value": "https://id.example/a"},
                "tokenUrl": {"value": "https://id.example/t"},
            },
        },
    }
    sets = {"values": [{"name": "a", "parameters": {"token": token}}]}
    properties = {"connectionParameters": {"token": token}, "connectionParameterSets": sets}
    path = express.runner.workspace / "properties.json"
    path.write_text(json.dumps({"properties": properties}, ensure_ascii=False))
    return {path, express.runner.workspace / "api.json"}


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_secret_is_left_behind_in_any_mode(
    express: Express, fake_github: Any, serve: Any, said: Any, kind: str
) -> None:
    store = FakeRunner(serve, said)
    express.remember_in_a_ref(fake_github)
    express.variables |= {"ACTIONS_RESULTS_URL": store.server.url, "ACTIONS_RUNTIME_TOKEN": runtime_token()}
    express.variables |= {"ACTIONS_ID_TOKEN_REQUEST_TOKEN": "the.runners/token"}
    given = planted(express)
    secrets = {
        "client-secret": HOSTILE[kind],
        "deployer-client-secret": express.inputs["deployer_client_secret"],
        "github-token": express.inputs["github_token"],
        "runtime token": runtime_token(),
        "planted": PLANTED,
    }
    express.inputs |= {"client_secret": HOSTILE[kind], "properties": "properties.json"}
    express.inputs |= {"auth": "auto", "comment": "never"}
    story: list[tuple[Any, dict[str, str]]] = [
        (definition(**OAUTH), {"mode": "check", "fail_on": "never"}),
        (None, {"mode": "manual"}),
        (None, {"baseline": "none"}),
        (definition("New", **OAUTH), {"rotate_secret": "true"}),
        (definition("Newer", **OAUTH), {"on_drift": "overwrite"}),
        (None, {"deployer_client_secret": HOSTILE[kind]}),
        (None, {"mode": HOSTILE[kind].replace("\n", " ")[:3], "environment": "nonsense"}),
        (None, {"github_token": HOSTILE[kind].split()[0]}),
    ]
    codes = []
    for number, (document, inputs) in enumerate(story):
        if number == 4:
            express.edit(iconbrandcolor="#ff0000")
        result = express.run(document, **inputs)
        codes.append(result.code)
        assert_none(secrets, left(express, result, given))
        masked = {line.removeprefix("::add-mask::").replace("%25", "%") for line in result.log.split("\n")}
        lines = [line.strip() for line in HOSTILE[kind].replace("\r", "\n").split("\n")]
        assert set(lines) <= masked
        first = next(index for index, line in enumerate(result.log.split("\n")) if not line.startswith("::add-mask::"))
        assert not any(line.startswith("::add-mask::q7~Z") for line in result.log.split("\n")[first:])
    assert codes[:-1] == [0, 0, 0, 0, 0, 4, 2]
    assert codes[-1] in {5, 7}  # GitHub refuses the token, or it cannot even be sent
    artifacts = [fake_github.git("cat-file", "--batch", "--batch-all-objects")]
    for blob in store.blobs.values():
        with zipfile.ZipFile(io.BytesIO(blob)) as files:
            artifacts += [files.read(name) for name in files.namelist()]
    assert len(artifacts) > 10
    assert_none(secrets, "\n".join(piece.decode("utf-8", "replace") for piece in artifacts))


@pytest.mark.parametrize("proof", ["certificate", "identity_token", "workflow"])
def test_no_proof_of_who_signs_in_is_left_behind(express: Express, proof: str) -> None:
    express.inputs["deployer_client_secret"] = ""
    whole = key_text() + certificate()
    express.standin.options(certificates=[certificate()] if proof == "certificate" else [])
    secrets = {"certificate": whole} if proof == "certificate" else {}
    if proof == "identity_token":
        claims = (
            base64.urlsafe_b64encode(json.dumps({"iss": "i", "sub": "s", "aud": "a"}).encode()).decode().rstrip("=")
        )
        secrets = {"identity_token": f"e30.{claims}.{'Zq8hunter2' * 9}"}
    express.inputs |= {f"deployer_{name}": secret for name, secret in secrets.items()}
    if proof == "workflow":
        express.variables |= {
            "ACTIONS_ID_TOKEN_REQUEST_URL": express.standin.about["id_token_url"],
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": express.standin.about["id_token_token"],
        }
        secrets = {"the runner's token": express.standin.about["id_token_token"]}
    first = express.run(definition())
    assert first.code == (4 if proof == "identity_token" else 0), first.log
    express.standin.options(certificates=[certificate(size=3072)] if proof == "certificate" else [], federated=[])
    for result in (first, express.run(definition("New"))):
        assert_none(secrets, left(express, result, {express.runner.workspace / "api.json"}))
        for line in "".join(secrets.values()).split("\n"):
            assert len(line) < 4 or "-----" in line or f"::add-mask::{line}" in result.log


@pytest.mark.parametrize(
    ("kind", "status"), [*((kind, 401) for kind in HOSTILE), ("lines", 200), ("quotes", 400), ("unicode", 403)]
)
def test_a_service_that_repeats_what_it_was_sent_gets_no_secret_shown(
    express: Express, serve: Any, said: Any, kind: str, status: int
) -> None:
    token = "eyJ.token-of-the-echo.Zq8"

    def echo(request: Any) -> Any:
        if request.path.endswith("/token") and status != 401:
            return said(200, {"access_token": token})
        body = request.body.decode()
        words = f"{body} {quote_plus(HOSTILE[kind])} {HOSTILE[kind]} {request.headers.get('authorization')}"
        words += f" {html.escape(HOSTILE[kind])} {dotnet(HOSTILE[kind])}"
        error = {"code": "0x1", "message": words}
        return said(status, {"error": error, "error_description": words, "error_codes": [1], "value": words})

    server = serve(echo)
    express.variables["AZURE_AUTHORITY_HOST"] = server.url
    express.inputs |= {"environment": server.url, "client_secret": HOSTILE[kind], "client_id": "c1"}
    if status == 401:
        express.inputs["deployer_client_secret"] = HOSTILE[kind]
    result = express.run(definition(**OAUTH))
    assert result.code in {4, 5, 7}, result.log
    secrets = {"secret": HOSTILE[kind], "token": token}
    assert_none(secrets, left(express, result, {express.runner.workspace / "api.json"}))


def test_a_config_file_cannot_name_a_secret(express: Express) -> None:
    names = (
        "client-secret",
        "deployer-client-secret",
        "deployer-certificate",
        "deployer-identity-token",
        "github-token",
    )
    (express.runner.workspace / "config.json").write_text(json.dumps(dict.fromkeys(names, "Zq8-hunter")))
    result = express.run(definition(), config="config.json")
    assert result.code == 2
    assert all(f"config: {name} is a secret" in result.log for name in names)
    assert_none({"config": "Zq8-hunter"}, left(express, result, {express.runner.workspace / "config.json"}))


def test_a_record_with_a_secret_in_it_does_not_hand_it_on(express: Express) -> None:
    planted(express)
    express.inputs["properties"] = "properties.json"
    assert express.run(definition(**OAUTH), client_secret="Zq8-hunter").code == 0
    path = express.runner.workspace / "last.json"
    record = json.loads(path.read_bytes())
    record["properties"]["connectionParameters"]["token"]["oAuthSettings"]["clientSecret"] = PLANTED
    path.write_text(json.dumps(record))
    result = express.run(definition("New", **OAUTH), mode="check", fail_on="never")
    assert result.code == 0, result.log
    given = {path, *planted(express), express.runner.workspace / "api.json"}
    assert_none({"planted": PLANTED}, left(express, result, given))


@pytest.mark.parametrize("kind", HOSTILE)
def test_the_command_line_never_repeats_what_was_typed(workspace: Path, kind: str) -> None:
    (workspace / "openapi.json").write_text(json.dumps(definition()))
    for arguments in (
        ["--client-secert", HOSTILE[kind]],
        [f"--client-secert={HOSTILE[kind]}"],
        [HOSTILE[kind], "--mode"],
    ):
        done = subprocess.run(
            [sys.executable, "-I", str(ROOT / "entrypoint.py"), *arguments],
            cwd=workspace,
            capture_output=True,
            check=False,
            env={"PATH": "/usr/bin:/bin"},
        )
        assert done.returncode == 2
        assert_none({"typed": HOSTILE[kind]}, (done.stdout + done.stderr).decode())
