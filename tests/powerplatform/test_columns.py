from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exporter.edges.powerplatform.columns import changed_columns, columns_of, different, live_connector
from exporter.edges.powerplatform.names import guid_for, is_guid
from exporter.edges.powerplatform.oauth import with_secret
from exporter.model.connectors import Connector
from exporter.model.logical_name import logical_name
from exporter.security.oauth import needs_secret

WORDS = st.sampled_from(["token", "oAuthSettings", "clientSecret", "redirectUrl", "identityProvider", "values", "tags"])
LEAVES = st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3) | WORDS
JSON: Any = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS | st.text(max_size=2), inner, max_size=3),
    max_leaves=8,
)
PROPERTIES = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        (
            "connectionParameters",
            "connectionParameterSets",
            "iconBrandColor",
            "scriptOperations",
            "policyTemplateInstances",
            "capabilities",
            "stackOwner",
        ),
        JSON,
    ),
)
CONNECTORS = st.builds(
    Connector,
    definition=st.dictionaries(st.sampled_from(["info", "tags", "host", "paths"]), JSON, max_size=3),
    properties=PROPERTIES,
    script=st.sampled_from(["", "class"]),
)

# Other work on the same machine is no fault of ours.
calmly = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _row(connector: Connector, secret: str = "") -> dict[str, Any]:
    return json.loads(json.dumps(columns_of(connector, secret)))


@calmly
@given(CONNECTORS)
def test_a_connector_does_not_differ_from_itself(connector: Connector) -> None:
    assert different(connector, connector) == ()
    assert changed_columns(connector, connector, "secret") == {}


@calmly
@given(CONNECTORS)
def test_what_was_read_is_written_and_read_the_same(connector: Connector) -> None:
    live = live_connector(_row(connector), "https://a.example").connector
    again = live_connector(_row(live), "https://a.example").connector
    assert again == live
    assert different(live, again) == ()


@calmly
@given(CONNECTORS, CONNECTORS)
def test_what_is_sent_makes_one_connector_of_the_other(before: Connector, after: Connector) -> None:
    before, after = (live_connector(_row(one), "").connector for one in (before, after))
    row = {**_row(before), **changed_columns(after, before, "")}
    assert different(live_connector(row, "").connector, after) == ()


@calmly
@given(CONNECTORS)
def test_a_secret_satisfies_whoever_needs_one_and_is_in_nothing_else(connector: Connector) -> None:
    filled = with_secret(connector, "s3cr3t!")
    assert not needs_secret(filled.properties)
    assert ("s3cr3t!" in json.dumps(filled.properties)) == needs_secret(connector.properties)
    assert different(connector, filled) == ()


@calmly
@given(st.text(max_size=40), st.text(max_size=40))
def test_logical_names_are_short_plain_and_as_different_as_the_names(one: str, other: str) -> None:
    names = logical_name("new", one), logical_name("new", other)
    assert all(name.isascii() and set(name[4:]) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for name in names)
    assert (names[0] == names[1]) == (one.lower() == other.lower())
    assert is_guid(guid_for("https://a.example", names[0]))


def test_what_a_live_connector_says_is_tamed() -> None:
    settings = {"clientSecret": "s3cret", "redirectUrl": "https://a.example/$(id)"}
    parameters = {"token": {"type": "oauthSetting", "oAuthSettings": settings}}
    deep = '{"a":' * 450 + "1" + "}" * 450
    row = {"connectionparameters": json.dumps(parameters), "openapidefinition": deep}
    live = live_connector(row, "https://a.example")
    assert "s3cret" not in repr(live)
    assert live.redirect_url == ""
    assert live.connector.definition == {}
