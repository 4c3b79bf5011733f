"""Says what is missing or odd about how connections sign in."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from exporter.model.findings import Finding, Severity
from exporter.model.json_values import Object, as_object, as_text
from exporter.model.pointers import Pointer
from exporter.security.oauth import all_settings, secret_takers
from exporter.security.providers import PROVIDERS, input_of, provider_of
from exporter.security.schemes import Scheme
from exporter.settings.settings import Auth, SecuritySettings

_FIRST_PARTY = frozenset({"aadcertificate", "sharepointonlinecertificatev2", "onedriveforbusinesscertificate"})
"""Identity providers that the platform keeps for Microsoft's own connectors."""


class Found(NamedTuple):
    """What was found about signing in."""

    schemes: tuple[Scheme, ...]
    chosen: Mapping[Auth, Scheme | None]
    """The security definition of each way, where it has one."""
    ways: tuple[Auth, ...]
    had_secret: bool = False


def missing(properties: Object, settings: SecuritySettings, *, kept: bool) -> tuple[str, ...]:
    """
    Give complaints about what the identity providers among these properties must be told, and nobody said.

    Of properties that are `kept` from an existing file only what every provider of that kind needs is asked for: whoever
    wrote it may know of others that we do not.
    """
    checked = {"connectionParameters": properties.get("connectionParameters")} if kept else properties
    known = all_settings(checked)
    lines = [line for one in known if not kept or _is_plain(one) for line in _missing(one)]
    needy = {as_text(one.get("clientId")) for one in secret_takers(properties)}
    if settings.client_secret and len(needy) > 1:
        lines.append(
            "client-secret: belongs to one client id, and there are several; it would be sent to the wrong identity "
            'providers, too. Write `"clientSecret": "@environmentVariables(...)"` for the others in `properties`.'
        )
    return tuple(dict.fromkeys(lines))


def _is_plain(settings: Object) -> bool:
    return as_text(settings.get("identityProvider")).lower() in {"aad", "oauth2"}


def _missing(settings: Object) -> Iterator[str]:
    auth = provider_of(as_text(settings.get("identityProvider")))
    if auth is None:
        return
    provider = PROVIDERS[auth]
    custom = {name.lower(): value for name, value in as_object(settings.get("customParameters")).items()}
    if not settings.get("clientId"):
        yield f"client-id: is missing, and connections sign in with {provider.words}."
    for setting in provider.settings:
        if setting.needed and not as_object(custom.get(setting.name.lower())).get("value"):
            yield f"{input_of(setting)}: is missing, and connections sign in with {provider.words}."


def findings(found: Found, properties: Object, settings: SecuritySettings) -> tuple[Finding, ...]:
    """Give what is odd; pointers are in the connector definition."""
    rows = (*_flows(found), *_without_place(found, settings), *_idle(found, settings), *_secrets(found))
    return (*rows, *_first_party(properties))


def _finding(rule: str, message: str, advice: str, pointer: Pointer = ()) -> Finding:
    return Finding(rule, Severity.WARNING, pointer, message, advice)


def _flows(found: Found) -> Iterator[Finding]:
    for auth in found.ways:
        scheme = found.chosen.get(auth) or next((one for one in found.schemes if one.type == "oauth2"), None)
        if auth in PROVIDERS and scheme is not None and scheme.type == "oauth2" and scheme.flow != "accessCode":
            yield _finding(
                "security-flow-not-supported",
                f"Connectors sign people in with the authorization code only, not with the flow `{scheme.flow}`.",
                "Check that the API accepts the authorization code flow, and give authorization-url and token-url.",
                (*scheme.pointer, "flow"),
            )
            return


def _without_place(found: Found, settings: SecuritySettings) -> Iterator[Finding]:
    if Auth.API_KEY in (settings.auth, *settings.others) and found.chosen.get(Auth.API_KEY) is None:
        yield _finding(
            "security-scheme-missing",
            "`auth` is `api-key`, but the definition does not say in which header or query parameter the key goes.",
            "Add a security scheme of type apiKey to the definition.",
        )


def _effective(settings: SecuritySettings) -> Iterator[tuple[str, object, frozenset[Auth]]]:
    """Give inputs, their values, and the ways of signing in that they belong to."""
    entra = frozenset({Auth.AAD})
    yield "api-key-label", settings.api_key_label, frozenset({Auth.API_KEY})
    for field in ("client_id", "client_secret", "scopes", "oauth_parameters"):
        yield field.replace("_", "-"), getattr(settings, field), frozenset(PROVIDERS)
    yield "on-behalf-of", settings.on_behalf_of, entra
    yield "client-credential", settings.managed_identity, entra
    sources: dict[str, set[Auth]] = {}
    for auth, provider in PROVIDERS.items():
        for setting in provider.settings:
            if setting.source:
                sources.setdefault(setting.source, set()).add(auth)
    for field, ways in sources.items():
        yield field.replace("_", "-"), getattr(settings, field), frozenset(ways)


def _idle(found: Found, settings: SecuritySettings) -> Iterator[Finding]:
    idle = [name for name, value, ways in _effective(settings) if value and not ways.intersection(found.ways)]
    idle += [
        f"`{name}` of oauth-parameters" for name, _ in settings.oauth_parameters if not _is_taken(name, found.ways)
    ]
    if idle:
        used = ", ".join(f"`{auth.value}`" for auth in found.ways)
        yield _finding(
            "input-without-effect",
            f"Connections sign in with {used}, so that these inputs do nothing: {', '.join(idle)}.",
            "Leave them out, or choose the sign-in that they belong to with `auth`.",
        )


def _is_taken(name: str, ways: tuple[Auth, ...]) -> bool:
    providers = [PROVIDERS[auth] for auth in ways if auth in PROVIDERS]
    return not providers or any(
        one.takes is None or name.lower() in one.takes or name.lower() in {known.name.lower() for known in one.settings}
        for one in providers
    )


def _secrets(found: Found) -> Iterator[Finding]:
    if found.had_secret:
        yield _finding(
            "secret-in-properties",
            "The apiProperties.json that is the base holds a client secret. It was left out of everything.",
            "Take the secret out of the file, replace it at the identity provider, and give it as client-secret.",
        )


def _first_party(properties: Object) -> Iterator[Finding]:
    named = {as_text(settings.get("identityProvider")) for settings in all_settings(properties)}
    for name in sorted(named):
        if name.lower() in _FIRST_PARTY:
            yield _finding(
                "sign-in-first-party-only",
                f"The identity provider `{name}` is for Microsoft's own connectors; the platform refuses it in others.",
                "Use `auth: aad` with an app registration of your own.",
            )
