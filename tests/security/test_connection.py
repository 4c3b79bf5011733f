"""How connections sign in: what is found, what inputs say, what an existing apiProperties.json keeps."""

import json
from pathlib import Path

import pytest

from exporter.model.json_values import Object
from exporter.security.connection import connection
from exporter.security.kinds import auth_of
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


def test_makers_choose_among_several_ways() -> None:
    asked = SecuritySettings(auth=Auth.API_KEY, others=(Auth.OAUTH2,), client_id="me", api_key_label="Our key")
    found = connection({**document(k=KEY, o=OAUTH), "security": [{"o": ["read"]}]}, asked, {})
    values = found.sets["values"]
    assert [one["name"] for one in values] == ["api-key", "oauth2"]  # type: ignore[index, call-overload, union-attr]
    assert [list(one["parameters"]) for one in values] == [["api_key"], ["token"]]  # type: ignore[index, call-overload, union-attr]
    assert [one["metadata"]["allowSharing"] for one in values] == [True, False]  # type: ignore[index, call-overload, union-attr]
    assert found.parameters == values[0]["parameters"]  # type: ignore[index, call-overload]
    assert [row.field for row in found.credentials][:3] == ["Our key", "Client ID", "Client secret"]
    assert needs_secret({"connectionParameterSets": found.sets})
    assert found.document["security"] == [{"o": ["read"]}]
    token = values[1]["parameters"]["token"]["oAuthSettings"]  # type: ignore[index, call-overload]
    assert token["customParameters"]["tokenUrl"] == {"value": "https://id.example/token"}


def test_ways_that_the_definition_lacks_are_added_beside_what_it_has() -> None:
    asked = SecuritySettings(auth=Auth.API_KEY, others=(Auth.BASIC,))
    found = connection({**document(k=KEY), "security": [{"k": []}]}, asked, {})
    assert found.document["security"] == [{"k": []}, {"basic_auth": []}]
    assert found.document["securityDefinitions"] == {"k": KEY, "basic_auth": {"type": "basic"}}


def test_existing_sets_take_the_inputs_too_and_give_way_to_another_choice() -> None:
    sets = {
        "uiDefinition": {},
        "values": [{"name": "a", "parameters": {"token": _token(clientId="old")}}, {"name": "b"}],
    }
    base = {"connectionParameterSets": sets, "publisher": "Contoso"}
    kept = connection(document(o=OAUTH), SecuritySettings(client_id="new"), base)
    assert kept.sets["values"][0]["parameters"]["token"]["oAuthSettings"]["clientId"] == "new"  # type: ignore[index, call-overload]
    assert kept.sets["values"][1] == {"name": "b"}  # type: ignore[index, call-overload]
    other = connection(document(k=KEY), SecuritySettings(auth=Auth.API_KEY), base)
    assert (other.sets, list(other.parameters)) == ({}, ["api_key"])


def test_templates_have_their_usual_form_and_can_be_said_otherwise() -> None:
    said = (("TokenBodyTemplate", "code={Code}"), ("scopeListDelimiter", ","), ("customHost", "eu"))
    asked = SecuritySettings(auth=Auth.OAUTH2_GENERIC, client_id="me", oauth_parameters=said)
    found = connection(document(o=OAUTH), asked, {})
    custom = found.parameters["token"]["oAuthSettings"]["customParameters"]  # type: ignore[index, call-overload]
    assert {name: value["value"] for name, value in custom.items()} == {
        "authorizationUrlTemplate": "https://id.example/authorize",
        "authorizationUrlQueryStringTemplate": "?client_id={ClientId}&response_type=code&redirect_uri={RedirectUrl}"
        "&scope={Scopes}&state={State}",
        "tokenUrlTemplate": "https://id.example/token",
        "tokenBodyTemplate": "code={Code}",
        "refreshUrlTemplate": "https://id.example/token",
        "refreshBodyTemplate": "client_id={ClientId}&scope={Scopes}&refresh_token={RefreshToken}"
        "&redirect_uri={RedirectUrl}&grant_type=refresh_token&client_secret={ClientSecret}",
        "scopeListDelimiter": ",",
        "customHost": "eu",
    }
    assert (found.missing, found.findings) == ((), ())


def test_pkce_needs_no_secret() -> None:
    asked = SecuritySettings(
        auth=Auth.OAUTH2_PKCE, client_id="me", oauth_parameters=(("audience", "x"), ("nonsense", "y"))
    )
    found = connection(document(o=OAUTH), asked, {})
    assert not needs_secret({"connectionParameters": found.parameters})
    assert "without one" in next(row.meaning for row in found.credentials if row.field == "Client secret")
    assert [finding.message.rpartition(": ")[2] for finding in found.findings] == ["`nonsense` of oauth-parameters."]


@pytest.mark.parametrize(
    ("auth", "provider", "custom"),
    [
        (Auth.FACEBOOK, "facebook", {}),
        (Auth.DROPBOX, "dropbox", {}),
        (Auth.INSTAGRAM, "instagram", {}),
        (Auth.DOCUSIGN, "DocuSign", {"LoginUri": "https://account.docusign.com"}),
        (Auth.SALESFORCE, "SalesforceV2", {"LoginUri": "https://login.salesforce.com"}),
        (
            Auth.GITHUB,
            "oauth2",
            {
                "authorizationUrl": "https://github.com/login/oauth/authorize",
                "tokenUrl": "https://github.com/login/oauth/access_token",
                "refreshUrl": "https://github.com/login/oauth/access_token",
            },
        ),
    ],
)
def test_named_providers_know_their_addresses(auth: Auth, provider: str, custom: dict[str, str]) -> None:
    found = connection(document(), SecuritySettings(auth=auth, client_id="me", scopes=("a",)), {})
    token = found.parameters["token"]["oAuthSettings"]  # type: ignore[index, call-overload]
    assert token["identityProvider"] == provider
    assert {name: value["value"] for name, value in token["customParameters"].items()} == custom
    assert (found.missing, found.findings) == ((), ())
    assert connection(document(), SecuritySettings(auth=auth), {}).missing[0].startswith("client-id: is missing")


def test_entra_id_acts_on_behalf_of_people_and_without_a_secret() -> None:
    tenant = "11111111-2222-3333-4444-555555555555"
    asked = SecuritySettings(
        client_id="me",
        resource_url="api://x",
        tenant_id=tenant,
        on_behalf_of=True,
        managed_identity=True,
        cloud="china",
    )
    found = connection(document(o=ENTRA), asked, {})
    token = found.parameters["token"]["oAuthSettings"]  # type: ignore[index, call-overload]
    assert token["properties"]["IsOnbehalfofLoginSupported"] is True
    assert token["customParameters"]["enableOnbehalfOfLogin"] == {"value": "true"}
    assert token["customParameters"]["loginUri"] == {"value": "https://login.chinacloudapi.cn"}
    assert token["clientAssertionType"] == "GenericFederatedIdentityCredential"
    assert token["properties"]["FederatedIdentityCredentials"]["Issuer"].endswith(f"/{tenant}/v2.0")
    assert not needs_secret({"connectionParameters": found.parameters})
    assert "Managed identity" in [row.field for row in found.credentials]
    assert not [row for row in found.credentials if row.secret]


def test_one_secret_is_not_sent_to_two_providers() -> None:
    values = [{"parameters": {"token": _token(clientId=name)}} for name in ("a", "b")]
    base = {"connectionParameterSets": {"values": values}}
    found = connection(document(), SecuritySettings(client_secret=Secret("hunter2")), base)
    assert [line for line in found.missing if line.startswith("client-secret:")]
    assert connection(document(), SecuritySettings(), base).missing == found.missing[:-1]


def test_a_provider_of_microsofts_own_is_told() -> None:
    token = {"type": "oauthSetting", "oAuthSettings": {"identityProvider": "aadcertificate"}}
    found = connection(document(), SecuritySettings(), {"connectionParameters": {"token": token}})
    assert [finding.rule for finding in found.findings] == ["sign-in-first-party-only"]
