from __future__ import annotations

import base64
import json
import re
import shlex
import urllib.request
from typing import Any

import pytest

from exporter.edges.http import Answer, Http
from exporter.edges.powerplatform.refusals import refusal
from exporter.edges.powerplatform.secrecy import without
from exporter.edges.powerplatform.sign_in_refusals import _PASSING, _REFUSALS
from exporter.edges.sign_in import sign_in
from exporter.model.errors import ExporterError, ServiceFailed, ServiceRefused, SignInRefused, WrongInputs
from exporter.settings.clouds import CLOUDS, cloud_of
from exporter.settings.inputs import INPUTS
from exporter.settings.settings import NO_SECRET, Secret
from tests.powerplatform.certificates import certificate, key_text


def _token(standin: Any, http: Http, hidden: list[str], resource: str = "", **deployer: Any) -> str:
    environ = deployer.pop("environ", standin.environ)
    signed_in = sign_in(standin.deployer._replace(**deployer), environ, http, hidden.append)
    return signed_in.token(resource or standin.url)


def test_a_secret_gives_a_token_and_both_are_hidden_in_every_form(standin: Any, http: Http, hidden: list[str]) -> None:
    token = _token(standin, http, hidden)
    assert {token, standin.about["client_secret"], "s3cret~of%2Fthe%2Bdeployer%26%3D%25"} <= set(hidden)
    assert len(standin.requests) == 1


def test_the_workflows_identity_gives_a_token_without_any_secret(standin: Any, http: Http, hidden: list[str]) -> None:
    token = _token(standin, http, hidden, client_secret=NO_SECRET)
    assert token in hidden
    assert "the.runners%2Ftoken" in hidden
    assert sum(text.count(".") == 2 for text in hidden) == 2, "the assertion is hidden too"
    assert [line.split()[0] for line in standin.requests] == ["GET", "POST"]


def test_a_token_is_asked_for_once(standin: Any, http: Http) -> None:
    signed_in = sign_in(standin.deployer, standin.environ, http, print)
    assert signed_in.token(standin.url) == signed_in.token(f"{standin.url}/main.aspx?appid=1")
    assert len(standin.requests) == 1


def test_a_token_that_is_about_to_end_is_not_used_any_more(standin: Any, http: Http) -> None:
    standin.options(expires_in=200)
    signed_in = sign_in(standin.deployer, standin.environ, http, print)
    assert signed_in.token(standin.url) != signed_in.token(standin.url)
    standin.options(expires_in=400)
    assert signed_in.token(standin.url) == signed_in.token(standin.url)


@pytest.mark.parametrize("status", [200, 302, 403, 404])
@pytest.mark.parametrize("body", ["<html>Please sign in to the network</html>", "", "[]", '{"error": {"code": "x"}}'])
def test_a_page_of_somebody_in_between_is_no_refusal(standin: Any, http: Http, status: int, body: str) -> None:
    standin.fails("/token", "page", status=status, body=body)
    with pytest.raises(ServiceFailed, match="is none of a sign-in") as caught:
        _token(standin, http, [])
    assert "proxy" in caught.value.advice


def test_a_page_instead_of_an_identity_is_no_refusal(standin: Any, http: Http) -> None:
    standin.fails("id-token", "page", body="<html>")
    with pytest.raises(ServiceFailed, match="holds no identity"):
        _token(standin, http, [], client_secret=NO_SECRET)


@pytest.mark.parametrize("code", sorted(_PASSING))
def test_trouble_of_the_sign_in_itself_is_no_refusal(standin: Any, http: Http, code: int) -> None:
    standin.options(answer=code)
    with pytest.raises(ServiceFailed, match="in trouble itself"):
        _token(standin, http, [])


@pytest.mark.parametrize(
    ("deployer", "resource", "message"),
    [
        ({"client_secret": Secret("wrong")}, "", "is not a secret of .* (AADSTS7000215)"),
        ({"client_id": "someone"}, "", "no app registration someone. (AADSTS700016)"),
        ({"tenant_id": "contoso.example"}, "", "no tenant contoso.example. (AADSTS90002)"),
        ({}, "https://nowhere.crm.dynamics.com", "knows no environment at https://nowhere"),
    ],
)
def test_a_refusal_names_the_cause(
    standin: Any, http: Http, deployer: dict[str, Any], resource: str, message: str
) -> None:
    pattern = message.replace("(", r"\(").replace(")", r"\)")
    with pytest.raises(SignInRefused, match=pattern) as caught:
        _token(standin, http, [], resource, **deployer)
    assert caught.value.advice


def test_an_expired_secret_is_told_from_a_wrong_one(standin: Any, http: Http, hidden: list[str]) -> None:
    standin.options(secret_expired=True)
    with pytest.raises(SignInRefused, match="has expired"):
        _token(standin, http, hidden)


@pytest.mark.parametrize("name", ["issuer", "subject", "audience"])
def test_an_identity_that_is_not_registered_comes_with_the_lines_that_register_it(
    standin: Any, http: Http, hidden: list[str], name: str
) -> None:
    known = {
        "issuer": "https://token.actions.githubusercontent.com",
        "subject": "repo:contoso/orders:ref:refs/heads/it's",
        "audience": "api://AzureADTokenExchange",
    }
    standin.options(subject=known["subject"], federated=[{**known, name: "something else"}])
    with pytest.raises(SignInRefused) as caught:
        _token(standin, http, hidden, client_secret=NO_SECRET)
    assert known["subject"] in caught.value.message
    *_, parameters = shlex.split(caught.value.advice.splitlines()[1])
    assert known[name] in parameters
    assert re.search('"name": "connector-exporter-[0-9a-f]{8}"', parameters), "the guide's own name may be taken"
    assert not any(text in caught.value.advice + caught.value.message for text in hidden)


def test_without_the_permission_the_lines_to_add_are_shown(standin: Any, http: Http, hidden: list[str]) -> None:
    with pytest.raises(SignInRefused) as caught:
        _token(standin, http, hidden, client_secret=NO_SECRET, environ={"GITHUB_ACTIONS": "true"})
    assert "  id-token: write" in caught.value.advice
    with pytest.raises(SignInRefused, match="no GitHub workflow"):
        _token(standin, http, hidden, client_secret=NO_SECRET, environ={})
    wrong = {**standin.environ, "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "expired"}
    with pytest.raises(SignInRefused, match="did not give this workflow an identity"):
        _token(standin, http, hidden, client_secret=NO_SECRET, environ=wrong)


@pytest.mark.parametrize(
    ("deployer", "message"),
    [
        ({"tenant_id": "", "client_id": ""}, "`deployer-tenant-id` and `deployer-client-id` are not given"),
        ({"client_id": ""}, "`deployer-client-id` is not given"),
        ({"tenant_id": "a/../b"}, "neither a tenant's id"),
        ({"client_id": "$(id)"}, "not the id of an app registration"),
    ],
)
def test_what_is_missing_is_said_before_anything_is_sent(
    standin: Any, http: Http, hidden: list[str], deployer: dict[str, Any], message: str
) -> None:
    with pytest.raises(WrongInputs, match=message):
        _token(standin, http, hidden, **deployer)
    assert standin.requests == []


def test_a_service_that_is_down_is_no_refusal(standin: Any, http: Http, hidden: list[str]) -> None:
    standin.fails("/token", "503", times=99)
    with pytest.raises(ServiceFailed, match="Microsoft Entra ID, POST"):
        _token(standin, http, hidden)


def test_every_cloud_of_the_inputs_is_known() -> None:
    (choices,) = (one.choices for one in INPUTS if one.name == "cloud")
    assert set(choices) == set(CLOUDS)
    assert cloud_of("china", {}).authority == "https://login.chinacloudapi.cn"


def test_words_of_a_service_are_one_line_without_secrets() -> None:
    said = without(('a"b c',), 'x\n::error::a"b c y a%22b+c \x1b[31m a\\"b c' + "z" * 900)
    assert said.startswith("x ::error::*** y *** [31m ***z")
    assert len(said) == 400


WHOLE = key_text() + certificate()


@pytest.mark.parametrize(
    "text",
    [WHOLE, certificate() + key_text(), WHOLE.replace("\n", "\\n"), base64.b64encode(WHOLE.encode()).decode()],
    ids=["key first", "certificate first", "one line", "base64"],
)
def test_a_certificate_signs_in_and_its_key_is_hidden_line_by_line(
    standin: Any, http: Http, hidden: list[str], text: str
) -> None:
    standin.options(certificates=[certificate()])
    proof = {"client_secret": NO_SECRET, "certificate": Secret(text)}
    token = _token(standin, http, hidden, **proof)
    lines = {line for line in key_text().splitlines() if not line.startswith("-----") and len(line) >= 4}
    assert {token, *lines} <= set(hidden)
    head = base64.urlsafe_b64encode(b'{"alg": "PS256"').decode().rstrip("=")[:19]
    assert [form for form in hidden if form.startswith(head) and form.count(".") == 2], "the statement is hidden too"
    assert not any("\n" in form for form in hidden)
    assert _token(standin, http, hidden, **proof) != token, "each statement is fresh"
    assert [line.split()[0] for line in standin.requests] == ["POST", "POST"]


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        (certificate(), WrongInputs, "holds no private key"),
        (key_text(), WrongInputs, "holds no certificate of its private key"),
        (key_text() + certificate(size=3072), WrongInputs, "holds no certificate of its private key"),
        (key_text(password=b"hunter2") + certificate(), WrongInputs, "is encrypted with a password"),
        (key_text(kind="ec") + certificate(), WrongInputs, "no RSA key of at least 2048 bits"),
        ("certificates/key.pem", WrongInputs, "holds no private key"),
        (key_text() + certificate(days=-1), SignInRefused, "ended on 20"),
        (key_text(size=3072) + certificate(size=3072), SignInRefused, "no certificate like the one"),
    ],
)
def test_a_certificate_that_does_not_do_is_told_without_a_word_of_it(
    standin: Any, http: Http, hidden: list[str], text: str, kind: type[ExporterError], message: str
) -> None:
    standin.options(certificates=[certificate()])
    with pytest.raises(kind, match=message) as caught:
        _token(standin, http, hidden, client_secret=NO_SECRET, certificate=Secret(text))
    assert caught.value.advice
    said = caught.value.message + caught.value.advice
    assert not [line for line in text.splitlines() if len(line) > 20 and line in said]


def test_another_ci_systems_identity_signs_in(standin: Any, http: Http, hidden: list[str]) -> None:
    asked = urllib.request.Request(  # noqa: S310
        f"{standin.about['id_token_url']}&audience=api://AzureADTokenExchange",
        headers={"Authorization": f"Bearer {standin.about['id_token_token']}"},
    )
    with urllib.request.urlopen(asked, timeout=10) as answer:  # noqa: S310
        identity = json.load(answer)["value"]
    proof = {"client_secret": NO_SECRET, "identity_token": Secret(identity), "environ": {}}
    proof["environ"] = {"AZURE_AUTHORITY_HOST": standin.url}
    assert _token(standin, http, hidden, **dict(proof)) in hidden
    assert identity in hidden
    standin.options(federated=[])
    with pytest.raises(SignInRefused, match="does not trust this job") as caught:
        _token(standin, http, hidden, **dict(proof))
    assert "az ad app federated-credential create" in caught.value.advice
    assert identity not in caught.value.message + caught.value.advice


@pytest.mark.parametrize("code", sorted(_REFUSALS))
def test_every_known_refusal_names_its_cause_and_a_remedy(
    standin: Any, http: Http, hidden: list[str], code: int
) -> None:
    standin.options(answer=code)
    with pytest.raises(SignInRefused) as caught:
        _token(standin, http, hidden)
    assert caught.value.message.endswith(f". (AADSTS{code})")
    assert "{" not in caught.value.message + caught.value.advice
    assert len(caught.value.advice) > 20
    assert standin.about["client_secret"] not in caught.value.message + caught.value.advice


def test_a_refusal_that_names_its_code_in_words_only_is_understood(standin: Any, http: Http, hidden: list[str]) -> None:
    standin.options(answer=7000222, lists_codes=False)
    with pytest.raises(SignInRefused, match="has expired"):
        _token(standin, http, hidden)


def test_an_unknown_refusal_is_told_in_the_services_words(standin: Any, http: Http, hidden: list[str]) -> None:
    standin.options(answer=123456)
    with pytest.raises(SignInRefused, match="It said: AADSTS123456: told to refuse"):
        _token(standin, http, hidden)


@pytest.mark.parametrize(
    ("status", "headers", "error", "kind", "words"),
    [
        (401, {"www-authenticate": 'Bearer authorization_uri="https://login.microsoftonline.com/11111111-1111-1111-1111-111111111111/oauth2/authorize", resource_id=x'}, {}, SignInRefused, "belongs to the tenant 11111111-"),
        (401, {"www-authenticate": "Bearer authorization_uri=https://login.microsoftonline.com/common/oauth2/authorize"}, {}, SignInRefused, "did not accept the sign-in."),
        (403, {}, {"code": "0x80072560", "message": "x"}, SignInRefused, "is no user of the environment"),
        (403, {}, {"code": "", "message": "The user is not a member of the organization."}, SignInRefused, "is no user of the environment"),
        (403, {}, {"code": "0x80040225", "message": "x"}, SignInRefused, "is switched off"),
        (403, {}, {"code": "0x80040220", "message": "Principal user (Id=1, type=8, roleCount=0, privilegeCount=0), is missing prvReadconnector privilege"}, ServiceRefused, "has no security role there; the privilege prvReadconnector is missing"),
        (403, {}, {"code": "0x80040220", "message": "Principal user (Id=1, type=8, roleCount=10), is missing prvWriteconnector privilege"}, ServiceRefused, "the privilege prvWriteconnector is missing"),
        (403, {}, {}, ServiceRefused, "a privilege is missing"),
        (403, {}, {"code": "", "message": "The request you are trying to make is rejected as access to your IP is blocked."}, ServiceRefused, "IP firewall of the environment"),
        (403, {}, {"code": "0x80040220", "message": "SecLib::AccessCheckEx failed. Returned hr = -2147187962, AccessRights: WriteAccess"}, ServiceRefused, "belongs to somebody else"),
        (302, {}, {}, ServiceFailed, "status 302, which is no answer"),
        (501, {}, {}, ServiceFailed, "status 501"),
    ],
)  # fmt: skip
def test_what_the_environment_refuses_has_a_name(
    status: int, headers: dict[str, str], error: Any, kind: type[ExporterError], words: str
) -> None:
    answer = Answer(status, headers, json.dumps({"error": error}).encode())
    said = refusal(answer, "https://contoso.crm.dynamics.com", (), "c1")
    assert isinstance(said, kind)
    assert words in said.message
    assert said.advice
    if "pac admin" in said.advice:
        line = "pac admin assign-user --environment https://contoso.crm.dynamics.com --user c1 --application-user "
        assert said.advice.splitlines()[1].startswith(line)


def test_a_page_of_somebody_in_between_is_no_missing_privilege() -> None:
    answer = Answer(403, {}, b"<html>blocked</html>", "Dataverse, GET contoso.crm.dynamics.com/api")
    said = refusal(answer, "https://contoso.crm.dynamics.com", (), "c1")
    assert (
        said.message
        == "Dataverse, GET contoso.crm.dynamics.com/api: status 403, and no reason that Dataverse would give."
    )
    assert "proxy" in said.advice
    assert "--user c1" in said.advice
