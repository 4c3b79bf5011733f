from __future__ import annotations

import shlex
from typing import Any

import pytest

from exporter.edges.http import Http
from exporter.edges.powerplatform.clouds import CLOUDS, cloud_of
from exporter.edges.powerplatform.secrecy import without
from exporter.edges.sign_in import sign_in
from exporter.model.errors import ServiceFailed, SignInRefused, WrongInputs
from exporter.settings.inputs import INPUTS
from exporter.settings.settings import NO_SECRET, Secret


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
