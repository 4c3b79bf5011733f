"""Tells which inputs contradict each other, or would do nothing beside the others."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exporter.settings.settings import Auth, DeployerSettings, FailOn, Mode, SecuritySettings, Settings

_WITHOUT_APP = frozenset({Auth.AUTO, Auth.NONE, Auth.API_KEY, Auth.BASIC})
_GUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"


def contradictions(settings: Settings) -> Iterator[str]:
    """Give a complaint, which begins with the input's name, for each."""
    if settings.look.script_operations and not settings.look.script:
        yield "script-operations: names what a script handles, and script is left out."
    yield from _solution(settings)
    if settings.bundle_directory == ".":
        yield "bundle-directory: the workspace itself would be replaced; name a folder in it."
    if settings.sarif and not settings.sarif.endswith((".sarif", ".sarif.json")):
        yield "sarif: is written over, and other tools know it by its name: let it end in `.sarif`."
    if not _is_tame(settings.bundle_directory):
        yield (
            "bundle-directory: later steps find it in outputs, and a shell would not take it for a plain name; "
            "use letters, digits, spaces and . _ - + @ / only."
        )
    yield from _live(settings)
    yield from _proofs(settings.deployer)
    yield from _ways(settings.security)
    yield from _entra(settings.security)
    if settings.security.rotate_secret and not settings.security.client_secret:
        yield "rotate-secret: is true, and client-secret, the new one, is missing."
    if settings.security.rotate_secret and settings.asked_mode is not Mode.EXPRESS:
        yield "rotate-secret: is true, and only `mode: express` writes secrets."


def _live(settings: Settings) -> Iterator[str]:
    """Give what asks for the live connector where nobody looks at it."""
    if settings.restore and settings.asked_mode is not Mode.EXPRESS:
        yield "restore: puts a connector back into its environment, and that needs mode express."
    if settings.mode is not settings.asked_mode:
        return
    if settings.fail_on is FailOn.DRIFT and settings.record.kind == "none":
        yield "record: is none, and without a record nobody can tell drift, which fail-on names."
    if settings.fail_on is FailOn.DRIFT and settings.mode is Mode.MANUAL:
        yield "fail-on: is drift, and manual does not look at the live connector; check does."
    if settings.baseline.kind == "live" and settings.mode is Mode.MANUAL:
        yield "baseline: is live, and manual does not look at the live connector; check and express do."


def _proofs(deployer: DeployerSettings) -> Iterator[str]:
    proofs = {
        "deployer-client-secret": deployer.client_secret,
        "deployer-certificate": deployer.certificate,
        "deployer-identity-token": deployer.identity_token,
    }
    given = [name for name, secret in proofs.items() if secret]
    if len(given) > 1:
        yield f"{given[0]}: is given beside {' and '.join(given[1:])}; one of them is enough, and only one can be meant."


def _ways(security: SecuritySettings) -> Iterator[str]:
    ways = (security.auth, *security.others)
    if len(ways) > 1:
        for alone in (Auth.AUTO, Auth.NONE):
            if alone in ways:
                yield f"auth: is `{alone.value}` beside others; name the ways that makers can choose, and only these."
    needy = [way.value for way in ways if way not in _WITHOUT_APP]
    if len(needy) > 1:
        yield (
            f"auth: names {' and '.join(needy)}, each with an app registration of its own, and there is one client-id. "
            "Write them into the file that `properties` names."
        )


def _entra(security: SecuritySettings) -> Iterator[str]:
    """Give what does not fit Entra ID, or is for it alone."""
    other = not {Auth.AUTO, Auth.AAD}.intersection((security.auth, *security.others))
    if security.on_behalf_of and other:
        yield "on-behalf-of: is for Entra ID, and auth does not name `aad`."
    own = security.client_id and security.resource_url.rstrip("/").endswith(security.client_id)
    if security.on_behalf_of and own:
        # learn.microsoft.com/entra/identity-platform/reference-error-codes: AADSTS90009
        yield "resource-url: is the app of client-id itself, and on-behalf-of needs two app registrations."
    if security.managed_identity:
        if other:
            yield "client-credential: `managed-identity` is for Entra ID, and auth does not name `aad`."
        if security.client_secret:
            yield "client-secret: is given, and client-credential is `managed-identity`, which needs none; leave one out."
        if not re.fullmatch(_GUID, security.tenant_id):
            yield "tenant-id: must be the tenant's id where client-credential is `managed-identity`."


def _solution(settings: Settings) -> Iterator[str]:
    # Rules of Dataverse: learn.microsoft.com/power-platform/alm/create-solution#solution-publisher
    solution, publisher = settings.deployer.solution, settings.publisher
    if solution and settings.mode is Mode.MANUAL and not re.fullmatch(r"[A-Za-z_]\w{0,64}", solution, re.ASCII):
        yield "solution: is no unique name; it has letters, digits and underscores only, and begins with no digit."
    if publisher and not re.fullmatch(r"[A-Za-z_]\w{0,63}:(?!mscrm)[a-z][a-z0-9]{1,7}", publisher, re.ASCII):
        yield (
            "publisher: is no unique name, colon and prefix such as `ContosoLtd:cont`; the prefix has 2 to 8 small letters "
            "and digits, begins with a letter, and not with `mscrm`."
        )


def _is_tame(path: str) -> bool:
    r"""
    Tell whether a path means only itself where a workflow pastes it into a script, as many do with outputs.

    >>> [_is_tame(path) for path in ("out/bundle 1", "x$(id)", "a;b", "-rf", "a\nb")]
    [True, False, False, False, False]
    """
    return re.fullmatch(r"(?!-)[\w ./+@-]*", path) is not None
