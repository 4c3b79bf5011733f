"""How connections sign in: what is found, what inputs say, what an existing apiProperties.json keeps."""

import json
from pathlib import Path

import pytest

from exporter.model.json_values import Object
from exporter.security.connection import auth_of, connection
from exporter.security.oauth import needs_secret
from exporter.security.secrets import without_secrets
from exporter.settings.settings import Auth, Secret, SecuritySettings

SHARED = Path(__file__).parents[3] / "shared" / "corpus" / "connectors"

KEY = {"type": "apiKey", "in": "header", "name": "X-Key"}
OAUTH = {
    "type": "oauth2",
    "flow": "accessCode",
    "authorizationUrl": "https://id.example/authorize",
    "tokenUrl": "https://id.example/token",
    "scopes": {"read": "Read", "write": "Write"},
}
ENTRA = {**OAUTH, "authorizationUrl": "https://login.windows.net/common/oauth2/authorize"}


def document(**schemes: object) -> Object:
    return {"swagger": "2.0", "info": {"title": "Orders"}, "securityDefinitions": schemes}  # type: ignore[dict-item]


def test_no_security_definition_needs_nothing() -> None:
    found = connection(document(), SecuritySettings(), {})
    assert (found.auth, found.parameters, found.credentials, found.missing) == (Auth.NONE, {}, (), ())


def test_an_api_key_is_asked_for_under_its_label() -> None:
    found = connection(document(k=KEY), SecuritySettings(api_key_label="Key (ask Meg)"), {})
    assert found.auth is Auth.API_KEY
    shown = found.parameters["api_key"]
    assert shown["type"] == "securestring"  # type: ignore[index, call-overload]
    assert shown["uiDefinition"]["displayName"] == "Key (ask Meg)"  # type: ignore[index, call-overload]
    assert [row.field for row in found.credentials] == ["Key (ask Meg)"]


def test_makers_are_told_to_type_bearer() -> None:
    described = {**KEY, "name": "Authorization", "description": "Our token (Type `Bearer`, a space and the token.)"}
    for scheme, told in ((described, True), ({**described, "description": "Our key"}, False), (KEY, False)):
        found = connection(document(k=scheme), SecuritySettings(), {})
        shown = found.parameters["api_key"]["uiDefinition"]["description"]  # type: ignore[index, call-overload]
        assert ("`Bearer`" in shown) is told


def test_basic_asks_for_name_and_password() -> None:
    found = connection(document(b={"type": "basic"}), SecuritySettings(), {})
    assert list(found.parameters) == ["username", "password"]


def test_oauth_takes_its_addresses_from_the_definition() -> None:
    found = connection(document(o=OAUTH), SecuritySettings(client_id="me"), {})
    token = found.parameters["token"]["oAuthSettings"]  # type: ignore[index, call-overload]
    assert token["identityProvider"] == "oauth2"
    assert token["scopes"] == ["read", "write"]
    assert token["customParameters"] == {
        "authorizationUrl": {"value": "https://id.example/authorize"},
        "tokenUrl": {"value": "https://id.example/token"},
        "refreshUrl": {"value": "https://id.example/token"},
    }
    assert found.missing == ()
    assert needs_secret({"connectionParameters": found.parameters})


def test_entra_id_is_known_by_its_address_and_needs_the_resource() -> None:
    found = connection(document(o=ENTRA), SecuritySettings(), {})
    assert found.auth is Auth.AAD
    assert [line.partition(":")[0] for line in found.missing] == ["client-id", "resource-url"]
    whole = connection(document(o=ENTRA), SecuritySettings(client_id="me", resource_url="api://x"), {})
    assert whole.missing == ()
    assert "token:TenantId" in whole.parameters


def test_the_scheme_that_security_names_first_counts() -> None:
    both = {**document(k=KEY, o=OAUTH), "security": [{"o": ["read"]}]}
    assert connection(both, SecuritySettings(), {}).auth is Auth.OAUTH2
    assert connection(document(k=KEY, o=OAUTH), SecuritySettings(), {}).auth is Auth.API_KEY


def test_a_flow_that_connectors_lack_is_a_finding() -> None:
    found = connection(document(o={**OAUTH, "flow": "application"}), SecuritySettings(), {})
    assert [finding.rule for finding in found.findings] == ["security-flow-not-supported"]


def test_inputs_of_another_sign_in_are_named() -> None:
    asked = SecuritySettings(auth=Auth.BASIC, api_key_label="Key", client_id="me")
    [finding] = connection(document(k=KEY), asked, {}).findings
    assert (finding.rule, finding.message.rpartition(": ")[2]) == (
        "input-without-effect",
        "api-key-label, client-id.",
    )
    assert connection(document(k=KEY), SecuritySettings(api_key_label="Key"), {}).findings == ()


def test_an_existing_file_stays_the_base() -> None:
    base = {"connectionParameters": {"token": _token(clientId="old", IsFirstParty="x")}, "publisher": "Contoso"}
    kept = connection(document(o=OAUTH), SecuritySettings(), base)
    assert kept.parameters == base["connectionParameters"]
    changed = connection(document(o=OAUTH), SecuritySettings(client_id="new", token_url="https://t.example"), base)
    token = changed.parameters["token"]["oAuthSettings"]  # type: ignore[index, call-overload]
    assert (token["clientId"], token["customParameters"]["TokenUrl"]) == ("new", {"value": "https://t.example"})
    assert token["properties"] == {"IsFirstParty": "x"}


def test_an_existing_file_without_parameters_means_no_sign_in() -> None:
    found = connection(document(k=KEY), SecuritySettings(), {"connectionParameters": {}})
    assert (found.auth, found.parameters) == (Auth.NONE, {})


def test_a_secret_in_the_base_is_left_out_and_said() -> None:
    base = {"connectionParameters": {"token": _token(clientSecret="hunter2")}}
    found = connection(document(o=OAUTH), SecuritySettings(), base)
    assert "hunter2" not in json.dumps(found.parameters)
    assert [finding.rule for finding in found.findings] == ["secret-in-properties"]


def test_a_given_secret_goes_nowhere() -> None:
    settings = SecuritySettings(client_id="me", client_secret=Secret("hunter2"))
    assert "hunter2" not in repr(connection(document(o=OAUTH), settings, {}))


def test_a_chosen_sign_in_that_the_definition_lacks_is_added() -> None:
    settings = SecuritySettings(auth=Auth.OAUTH2, authorization_url="https://a.example", token_url="https://t.example")
    found = connection(document(), settings, {})
    assert found.document["security"] == [{"oauth2_auth": []}]
    assert connection(document(k=KEY), SecuritySettings(auth=Auth.API_KEY), {}).document == document(k=KEY)


def test_every_published_file_stays_as_it_is() -> None:
    if not SHARED.is_dir():
        pytest.skip("the corpus is not here")
    seen = 0
    for path in sorted(SHARED.glob("*/apiProperties.json")):
        try:
            base = json.loads(path.read_bytes().decode("utf-8-sig"))["properties"]
        except ValueError:
            continue
        kept = connection({}, SecuritySettings(), base).parameters
        assert kept == without_secrets(base.get("connectionParameters", {})), path.parent.name
        seen += auth_of(kept) is not None
    assert seen > 100


def _token(**values: str) -> dict[str, object]:
    outer = {name: value for name, value in values.items() if name != "IsFirstParty"}
    return {
        "type": "oauthSetting",
        "oAuthSettings": {
            **outer,
            "identityProvider": "oauth2",
            "properties": {"IsFirstParty": values.get("IsFirstParty", "False")},
            "customParameters": {"TokenUrl": {"value": "https://old.example"}},
        },
    }


def test_a_secret_among_custom_parameters_is_left_out() -> None:
    custom = {
        "clientSecret": {"value": "s3cret", "name": "kept"},
        "client-secret": "s3cret",
        "tokenUrl": {"value": "x"},
    }
    assert without_secrets(custom) == {"clientSecret": {"name": "kept"}, "tokenUrl": {"value": "x"}}
