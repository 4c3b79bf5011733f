"""Inputs: all are read, all complaints come at once, nothing given is ignored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.model.errors import WrongInputs
from exporter.settings.inputs import INPUTS, Kind
from exporter.settings.read import inputs_of_environment, read_settings
from exporter.settings.settings import Auth, Choice, FailOn, Mode

EXPRESS = {
    "mode": "express",
    "environment": "https://contoso.crm4.dynamics.com/",
    "deployer-tenant-id": "t",
    "deployer-client-id": "c",
}


def complaints(inputs: dict[str, str], **more: object) -> list[str]:
    with pytest.raises(WrongInputs) as stopped:
        read_settings(inputs, **more)  # type: ignore[arg-type]
    return stopped.value.message.splitlines()


def test_without_any_input_a_bundle_is_made_and_remembered_beside_it() -> None:
    settings = read_settings({})
    assert settings.mode is Mode.MANUAL
    assert settings.fail_on is FailOn.NEVER
    assert settings.baseline == Choice("auto")
    assert settings.record == Choice("file", "connector-export/bundle.record.json")


def test_on_github_the_record_is_a_ref_where_there_is_a_token() -> None:
    assert read_settings({"github-token": "t"}, on_github=True).record == Choice("ref")
    assert read_settings({}, on_github=True).record == Choice("none")


def test_a_check_fails_on_breaking_changes() -> None:
    assert read_settings({"mode": "check"}).fail_on is FailOn.BREAKING


def test_events_that_cannot_be_trusted_only_check_and_need_no_secrets() -> None:
    settings = read_settings({"mode": "express"}, trusted=False)
    assert (settings.mode, settings.asked_mode) == (Mode.CHECK, Mode.EXPRESS)


def test_express_needs_an_environment_and_an_identity() -> None:
    assert [line.partition(":")[0] for line in complaints({"mode": "express"})] == [
        "environment",
        "deployer-tenant-id",
        "deployer-client-id",
    ]


@pytest.mark.parametrize(
    ("spellings", "meant"),
    [
        (
            [
                "https://contoso.crm4.dynamics.com",
                "https://Contoso.crm4.dynamics.com:443/main.aspx?appid=1",
                "https://contoso.api.crm4.dynamics.com/api/data/v9.2/",
                "Contoso.CRM4.dynamics.com",
                "contoso.crm4.dynamics.com/main.aspx?appid=1",
                "contoso.crm4.dynamics.com:443",
            ],
            "https://contoso.crm4.dynamics.com",
        ),
        (
            [
                "Default-AAAAAAAA-1111-1111-1111-111111111111",
                "default-aaaaaaaa-1111-1111-1111-111111111111",
                "https://make.powerapps.com/environments/Default-aaaaaaaa-1111-1111-1111-111111111111/home?x=1",
                "https://admin.example/manage/environments/environment/Default-aaaaaaaa-1111-1111-1111-111111111111",
            ],
            "Default-aaaaaaaa-1111-1111-1111-111111111111",
        ),
        (["Contoso (default)"], "Contoso (default)"),
        (["https://elsewhere.example/environments/mine"], "https://elsewhere.example"),
        (["crm4.dynamics.com"], "crm4.dynamics.com"),
    ],
)
def test_an_environment_has_one_spelling(spellings: list[str], meant: str) -> None:
    for spelling in spellings:
        assert read_settings({**EXPRESS, "environment": spelling}).deployer.environment == meant


def test_all_that_is_wrong_is_said_at_once() -> None:
    found = complaints({"mode": "exprss", "definition": "../x", "brand-color": "blue", "retention-days": "401"})
    assert len(found) == 4


@pytest.mark.parametrize(
    ("name", "choice"), [(row.name, choice) for row in INPUTS for choice in row.later_choices], ids=str
)
def test_choices_that_do_not_work_yet_are_refused(name: str, choice: str) -> None:
    assert complaints({name: choice}) == [f"{name}: `{choice}` is not supported yet."]


BESIDE = {
    "managed-identity": {"tenant-id": "11111111-2222-3333-4444-555555555555"},
    "true": {"mode": "express", "client-secret": "s"},
}
"""What some choices need besides."""


@pytest.mark.parametrize("row", [row for row in INPUTS if row.kind is Kind.CHOICE], ids=lambda row: row.name)
def test_every_choice_of_the_table_is_accepted(row: object) -> None:
    for choice in row.choices:  # type: ignore[attr-defined]
        if choice not in row.later_choices:  # type: ignore[attr-defined]
            value = choice + ("x" if choice.endswith(":") else "")
            read_settings(EXPRESS | BESIDE.get(value, {}) | {row.name: value})  # type: ignore[attr-defined]


def test_the_sarif_file_is_one_that_may_be_written_over() -> None:
    assert read_settings({"sarif": "out/connector.sarif"}).sarif == "out/connector.sarif"
    assert complaints({"sarif": "openapi.json"}) == [
        "sarif: is written over, and other tools know it by its name: let it end in `.sarif`."
    ]


def test_paths_stay_inside_the_workspace() -> None:
    for path in ("/etc/passwd", "../x", "a/../../x", "a\\b", ".."):
        assert complaints({"definition": path}) == [f"definition: `{path}` is no path inside the workspace."]


def test_an_absolute_path_inside_the_workspace_is_made_relative() -> None:
    assert read_settings({"definition": "/home/ws/api/x.yaml"}, workspace="/home/ws").definition == "api/x.yaml"


def test_a_config_file_holds_inputs_and_what_is_given_directly_wins() -> None:
    config = {"mode": "check", "name": "From file", "scopes": ["a", "b"], "retention-days": 5}
    settings = read_settings({"name": "Given"}, config=config)
    assert (settings.mode, settings.name, settings.security.scopes) == (Mode.CHECK, "Given", ("a", "b"))
    assert settings.retention_days == 5


def test_a_config_file_holds_no_secrets_and_no_unknown_names() -> None:
    found = complaints({}, config={"client-secret": "s", "nmae": "x", "connectors": []})
    assert [line.split()[1] for line in found] == ["client-secret", "`nmae`", "several"]


def test_hyphens_stay_in_the_environment_and_underscores_do_where_they_cannot() -> None:
    environment = {"INPUT_CLIENT-ID": "a", "INPUT_TENANT_ID": "b", "INPUT_AUTH": " "}
    assert inputs_of_environment(environment) == {"client-id": "a", "tenant-id": "b"}


def test_a_secret_has_no_text() -> None:
    settings = read_settings({"client-secret": "hunter2", "deployer-client-secret": "hunter3", "auth": "oauth2"})
    assert "hunter" not in repr(settings)
    assert settings.security.client_secret.reveal() == "hunter2"
    assert settings.security.auth is Auth.OAUTH2


@given(st.dictionaries(st.sampled_from([row.name for row in INPUTS]), st.text(max_size=20)))
def test_whatever_is_given_is_read_or_complained_about(inputs: dict[str, str]) -> None:
    try:
        read_settings(inputs)
    except WrongInputs as error:
        assert error.message


def test_a_definition_may_lie_on_the_web_behind_https() -> None:
    assert (
        read_settings({"definition": "https://a.example/openapi.json"}).definition == "https://a.example/openapi.json"
    )
    for address in ("http://a.example/x", "file:///etc/passwd", "https://user:word@a.example/x", "ftp://a.example/x"):
        assert complaints({"definition": address}) == [f"definition: `{address}` is no https address."]


@pytest.mark.parametrize("folder", ["x$(id)", "a;b", "`id`", "-rf", "a'b", 'a"b', "a&b", "a|b"])
def test_a_bundle_directory_means_only_itself_in_a_script(folder: str) -> None:
    assert "letters, digits" in complaints({"bundle-directory": folder})[0]
    assert read_settings({"bundle-directory": "out/a b.1"}).bundle_directory == "out/a b.1"


def test_a_path_has_no_control_characters() -> None:
    assert complaints({"icon": "a\nb.png"}) == ["icon: the value is no path inside the workspace."]


def test_a_file_of_a_pull_request_sends_us_nowhere() -> None:
    config = {"definition": "https://inside.example/openapi.json"}
    assert complaints({}, config=config, trusted=False)[0].startswith("definition: an address must come from")
    assert read_settings({}, config=config).definition == config["definition"]
    assert read_settings(config, trusted=False).definition == config["definition"]


def test_operations_of_a_script_need_the_script() -> None:
    assert complaints({"script-operations": "GetOrders"}) == [
        "script-operations: names what a script handles, and script is left out."
    ]
    assert read_settings({"script-operations": "GetOrders", "script": "script.csx"}).look.script_operations


def test_choices_that_do_not_work_yet_are_not_offered() -> None:
    [complaint] = complaints({"baseline": "gti:main"})
    assert complaint == "baseline: `gti:main` is none of `auto`, `record`, `live`, `git:…`, `file:…`, `none`."


def test_a_path_that_leads_out_is_said_once_and_names_the_workspace() -> None:
    assert complaints({"bundle-directory": "../x"}, workspace="/w") == [
        "bundle-directory: `../x` is no path inside the workspace (/w)."
    ]


@pytest.mark.parametrize("name", [row.name for row in INPUTS if row.kind is Kind.PATH and row.name != "config"])
@pytest.mark.parametrize("path", [".git/config", "a/../.GIT/x"])
def test_no_path_leads_into_gits_own_folder(name: str, path: str) -> None:
    assert any(line.startswith(f"{name}: ") and "git's own folder" in line for line in complaints({name: path}))


@pytest.mark.parametrize("name", ["record", "baseline"])
def test_no_file_of_a_choice_leads_into_gits_own_folder(name: str) -> None:
    assert complaints({name: "file:.git/config"}) == [f"{name}: `.git/config` leads into git's own folder."]


@pytest.mark.parametrize(
    "publisher", ["Contoso", "Contoso:", ":cont", "Contoso:c", "Contoso:mscrmx", "9a:cont", "a:Cont"]
)
def test_a_publisher_is_a_name_and_a_prefix(publisher: str) -> None:
    assert "such as `ContosoLtd:cont`" in complaints({"publisher": publisher})[0]
    assert read_settings({"publisher": "Contoso_Ltd:cont9"}).publisher == "Contoso_Ltd:cont9"


def test_the_solution_of_a_bundle_needs_a_unique_name() -> None:
    assert "unique name" in complaints({"solution": "Our shop"})[0]
    assert read_settings({"solution": "OurShop"}).deployer.solution == "OurShop"


def test_a_secret_that_is_no_text_is_refused_without_a_word_of_it() -> None:
    for value in ("hunter2\udcff", "hunter2\0x"):
        with pytest.raises(WrongInputs, match="client-secret: holds bytes") as caught:
            read_settings({"client-secret": value})
        assert "hunter2" not in caught.value.message


@pytest.mark.parametrize(
    ("given", "beginnings"),
    [
        ({"auth": "none, api-key"}, ["auth: is `none` beside others"]),
        ({"auth": "auto basic"}, ["auth: is `auto` beside others"]),
        ({"auth": "aad, github"}, ["auth: names aad and github"]),
        ({"auth": "ntlm"}, ["auth: `ntlm` is none of"]),
        ({"auth": "basic", "on-behalf-of": "true"}, ["on-behalf-of: is for Entra ID"]),
        (
            {"auth": "basic", "client-credential": "managed-identity", "client-secret": "hunter2"},
            ["client-credential: `managed-identity`", "client-secret: is given", "tenant-id: must be"],
        ),
        ({"on-behalf-of": "true", "client-id": "me", "resource-url": "api://me/"}, ["resource-url: is the app"]),
        ({"rotate-secret": "true"}, ["rotate-secret: is true, and client-secret", "rotate-secret: is true, and only"]),
        ({"oauth-parameters": "a\nb=1\nB=2\nclient_secret=hunter2"}, ["oauth-parameters: has a line", "oauth-parameters: says `B` twice", "oauth-parameters: holds a secret"]),
    ],
)  # fmt: skip
def test_what_cannot_be_at_once_is_said_at_once(given: dict[str, str], beginnings: list[str]) -> None:
    with pytest.raises(WrongInputs) as caught:
        read_settings(given)
    lines = caught.value.message.splitlines()
    assert len(lines) == len(beginnings)
    assert all(line.startswith(begin) for line, begin in zip(sorted(lines), sorted(beginnings), strict=True))
    assert "hunter2" not in caught.value.message


def test_several_ways_and_pairs_are_read_from_inputs_and_from_a_file() -> None:
    text = 'scopeListDelimiter=" "\n\n a = b=c '
    given = read_settings({"auth": "api-key, basic", "oauth-parameters": text}).security
    config = {"auth": ["api-key", "basic"], "oauth-parameters": {"scopeListDelimiter": '" "', "a": "b=c"}}
    read = read_settings({}, config=config).security
    assert read._replace(client_secret=given.client_secret) == given
    assert (given.auth, given.others) == (Auth.API_KEY, (Auth.BASIC,))
    assert given.oauth_parameters == (("scopeListDelimiter", " "), ("a", "b=c"))


@pytest.mark.parametrize("trusted", [True, False])
def test_where_secrets_go_is_not_taken_from_a_file(*, trusted: bool) -> None:
    config = {"endpoints": ["authority=https://login.evil.example"]}
    assert complaints({}, config=config, trusted=trusted) == [
        "endpoints: must come from the workflow, not from a file: secrets are sent there."
    ]
    assert read_settings({"endpoints": "authority=https://login.example"}, config=config).deployer.endpoints == {
        "authority": "https://login.example"
    }
