"""From the definition's security and the inputs to what makers are asked, and what the deployer must supply."""

from collections.abc import Mapping
from typing import NamedTuple

from exporter.model.findings import Finding
from exporter.model.json_values import Object, as_list, as_object, as_text
from exporter.model.plans import Credential
from exporter.security.checking import Found, findings, missing
from exporter.security.credentials import credentials_for
from exporter.security.kinds import auth_of
from exporter.security.kinds import ways as sign_ins
from exporter.security.oauth import SIGN_IN
from exporter.security.parameters import parameters_for, with_inputs
from exporter.security.providers import PROVIDERS
from exporter.security.schemes import KIND_OF_TYPE, Scheme, fits, scheme_for, schemes
from exporter.security.secrets import without_secrets
from exporter.security.several import parameter_sets, sets_with_inputs
from exporter.settings.settings import Auth, SecuritySettings


class Connection(NamedTuple):
    """How connections to the connector sign in."""

    auth: Auth
    """Never AUTO: what was found, or chosen; the first of several."""
    document: Object
    """The connector definition; with a security definition added where a chosen sign-in had none."""
    base: Object
    """The existing properties, without any secret that stood in them."""
    parameters: Object
    """`connectionParameters` of apiProperties.json."""
    sets: Object
    """`connectionParameterSets` of it, where makers can choose among several ways; else empty."""
    credentials: tuple[Credential, ...] = ()
    """What whoever imports or deploys the connector must have."""
    missing: tuple[str, ...] = ()
    """Inputs that express cannot do without, as complaints; the secret is asked for when a write needs it."""
    findings: tuple[Finding, ...] = ()
    """Pointers are in the connector definition."""


def connection(document: Object, settings: SecuritySettings, base: Object) -> Connection:
    """
    Work out how connections sign in.

    `document` is the connector definition (Swagger 2.0, "Security Definitions Object"), `base` the inside of an
    existing apiProperties.json, or empty. What the base says stays, but for what an input says otherwise. Shapes follow
    https://learn.microsoft.com/connectors/custom-connectors/connection-parameters and published connectors.
    """
    found = schemes(document)
    asked = () if settings.auth is Auth.AUTO else (settings.auth, *settings.others)
    ways = asked or (_kind(found[0], settings) if found else Auth.NONE,)
    chosen = {auth: next((scheme for scheme in found if fits(scheme, auth)), None) for auth in ways}
    clean = without_secrets(base)
    parts = _kept(clean, asked, settings) or _made(ways, chosen, settings, document)
    return Connection(
        auth=parts.ways[0],
        document=_with_schemes(document, chosen, settings) if asked else document,
        base=clean,
        parameters=parts.parameters,
        sets=parts.sets,
        credentials=tuple(
            dict.fromkeys(
                credential
                for auth, parameters in zip(parts.ways, sign_ins(parts.properties), strict=True)
                for credential in credentials_for(auth, parameters, settings)
            )
        ),
        missing=missing(parts.properties, settings, kept=parts.kept),
        findings=findings(Found(found, chosen, parts.ways, had_secret=clean != base), parts.properties, settings),
    )


class _Parts(NamedTuple):
    ways: tuple[Auth, ...]
    parameters: Object
    sets: Object
    kept: bool = False
    """Whether an existing file says it, not we."""

    @property
    def properties(self) -> Object:
        return {"connectionParameters": self.parameters, "connectionParameterSets": self.sets}


def _kept(clean: Object, asked: tuple[Auth, ...], settings: SecuritySettings) -> _Parts | None:
    """Keep what the base says, unless another way of signing in was asked for; None where it is not kept."""
    if not clean.keys() & SIGN_IN:
        return None
    there = tuple(auth_of(parameters) or Auth.OAUTH2 for parameters in sign_ins(clean))
    # A named provider that is plain OAuth 2.0 to the platform is kept as such.
    if not {_as_kept(auth) for auth in asked} <= {_as_kept(auth) for auth in there} or (
        asked and len(asked) != len(there)
    ):
        return None
    parameters = with_inputs(as_object(clean.get("connectionParameters")), settings)
    sets = sets_with_inputs(as_object(clean.get("connectionParameterSets")), settings)
    return _Parts(there, parameters, sets, kept=True)


def _as_kept(auth: Auth) -> str:
    return PROVIDERS[auth].id if auth in PROVIDERS else auth.value


def _made(
    ways: tuple[Auth, ...], chosen: Mapping[Auth, Scheme | None], settings: SecuritySettings, document: Object
) -> _Parts:
    title = as_text(as_object(document.get("info")).get("title"))
    made = [(auth, parameters_for(auth, chosen[auth], settings, title)) for auth in ways]
    return _Parts(ways, made[0][1], parameter_sets(made) if len(made) > 1 else {})


def _kind(found: Scheme, settings: SecuritySettings) -> Auth:
    if found.type == "oauth2" and (settings.resource_url or found.is_entra_v1):
        return Auth.AAD
    return KIND_OF_TYPE.get(found.type, Auth.NONE)


def _with_schemes(document: Object, chosen: Mapping[Auth, Scheme | None], settings: SecuritySettings) -> Object:
    """Add a security definition for each chosen way that has none, as one more that callers may choose."""
    for auth, scheme in chosen.items():
        made = scheme_for(auth, settings) if scheme is None else None
        if made is None:
            continue
        name, body = made
        several = len(chosen) > 1
        definitions = as_object(document.get("securityDefinitions")) if several else {}
        security = as_list(document.get("security")) if several else []
        document = {
            **document,
            "securityDefinitions": {**definitions, name: body},
            "security": [*security, {name: list(as_object(body.get("scopes")))}],
        }
    return document
