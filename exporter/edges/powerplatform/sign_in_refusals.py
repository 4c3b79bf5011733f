"""Why Entra ID refuses a sign-in, by its code, and the remedy for each."""

import json
from collections.abc import Mapping
from typing import NamedTuple

from exporter.model.errors import ExporterError, ServiceFailed, SignInRefused
from exporter.model.json_values import as_list, as_object, as_text

# learn.microsoft.com/entra/identity-platform/reference-error-codes: the codes are facts, the words are ours. An advice's
# first line is a sentence, the others are to paste.
# fmt: off
_REFUSALS = {
    7000215: ("`deployer-client-secret` is not a secret of the app registration {client}.", "Copy the secret's value, not its id. A new one:\naz ad app credential reset --id {client} --append --query password --output tsv"),
    7000222: ("The client secret of the app registration {client} has expired.", "Make a new one, or leave secrets behind (docs/express-setup.md, Federated identity):\naz ad app credential reset --id {client} --append --query password --output tsv"),
    7000218: ("The app registration {client} got neither a secret nor an identity from us.", "Give `deployer-client-secret`, or the job these lines:\npermissions:\n  id-token: write"),
    700025:  ("The app registration {client} is a public client, which cannot sign in by itself.", "Make it a confidential one:\naz ad app update --id {client} --is-fallback-public-client false"),
    700027:  ("The app registration {client} has no certificate like the one of `deployer-certificate`.", "Register its public half:\naz ad app credential reset --id {client} --cert @cert.pem --append"),
    700030:  ("The app registration {client} does not allow the subject of the certificate of `deployer-certificate`.", "Register the certificate itself:\naz ad app credential reset --id {client} --cert @cert.pem --append"),
    700021:  ("The proof of who signs in was made for another app registration than {client}.", "Compare `deployer-client-id` with what the proof was made for:\naz ad app show --id {client} --query appId"),
    700023:  ("The proof of who signs in was made for another tenant or cloud than {tenant}.", "Compare `deployer-tenant-id` and `cloud` with:\naz account show --query tenantId"),
    50012:   ("Entra ID could not verify the proof of who signs in.", "Make and register a new certificate or secret, step 2 of docs/express-setup.md."),
    700016:  ("The tenant {tenant} has no app registration {client}.", "Compare `deployer-client-id` (the Application ID, not the Object ID) and `deployer-tenant-id` with:\naz ad app show --id {client} --query appId\naz account show --query tenantId"),
    90002:   ("There is no tenant {tenant}.", "Compare `deployer-tenant-id` with what this says; in another Microsoft cloud, set `cloud`:\naz account show --query tenantId"),
    7000229: ("The tenant {tenant} knows the app registration {client}, but has no enterprise application for it.", "Make it:\naz ad sp create --id {client}"),
    900023:  ("There is no tenant {tenant}.", "Compare `deployer-tenant-id` with:\naz account show --query tenantId"),
    50194:   ("`deployer-tenant-id` must name one tenant, not {tenant}.", "Take what this says:\naz account show --query tenantId"),
    9001023: ("`deployer-tenant-id` must name one tenant, not {tenant}.", "Take what this says:\naz account show --query tenantId"),
    90038:   ("The tenant {tenant} is in another Microsoft cloud.", "Set `cloud` to that of the tenant: `gcc`, `gcc-high`, `dod` or `china`."),
    900432:  ("The app registration {client} is in another Microsoft cloud than the one that was asked.", "Set `cloud` to that of the tenant: `gcc`, `gcc-high`, `dod` or `china`."),
    900382:  ("The app registration {client} is in another Microsoft cloud than the one that was asked.", "Set `cloud` to that of the tenant: `gcc`, `gcc-high`, `dod` or `china`."),
    500011:  ("The tenant {tenant} knows no environment at {resource}.", "It must be in the tenant that `deployer-tenant-id` names. Compare `environment` with:\npac env list"),
    500014:  ("The service {resource} is switched off in the tenant {tenant}.", "Ask the tenant's administrator to switch its enterprise application on."),
    7000112: ("The app registration {client} is switched off.", "Switch it on:\naz ad sp update --id {client} --set accountEnabled=true"),
    50105:   ("The service {resource} takes assigned applications only, and {client} is not assigned.", "Ask the tenant's administrator to assign it to that enterprise application."),
    501051:  ("The service {resource} takes assigned applications only, and {client} is not assigned.", "Ask the tenant's administrator to assign it to that enterprise application."),
    53003:   ("A conditional access rule of the tenant {tenant} keeps the app registration {client} out.", "Ask the tenant's administrator to allow this workload identity, or run on a runner whose address is allowed."),
    530032:  ("A security rule of the tenant {tenant} keeps the app registration {client} out.", "Ask the tenant's administrator to allow this workload identity, or run on a runner whose address is allowed."),
    1000031: ("The tenant {tenant} does not let the app registration {client} in at this time.", "Ask the tenant's administrator why; the sign-in logs of service principals say more."),
    500021:  ("The network of this machine lets nobody sign in to the tenant {tenant} (tenant restrictions).", "Ask who looks after the network or proxy of this runner to allow that tenant."),
    700024:  ("The proof of who signs in is not valid at this time.", "Check the clock of the machine that runs this job, then run again; an identity token lives for minutes only."),
}
# fmt: on
_NOT_REGISTERED = frozenset({70021, 700211, 700212, 700213})
"""No federated credential fits: neither in all, nor in issuer, audience or subject."""
_PASSING = frozenset({90006, 90012, 90024, 90033, 90055, 90090, 90091})
"""Trouble of Entra ID itself: it is unavailable, overloaded or too slow."""


class Claims(NamedTuple):
    """What a workflow's identity says of it; not the identity itself."""

    issuer: str
    subject: str
    audience: str


def claims_of(assertion: str) -> Claims:
    """
    Read issuer, subject and audience of a JSON Web Token (RFC 7519), without checking it.

    >>> claims_of("nonsense")
    Claims(issuer='', subject='', audience='')
    """
    import base64
    import binascii

    middle = [*assertion.split("."), ""][1]
    try:
        claims = as_object(json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4))))
    except (ValueError, binascii.Error, RecursionError):
        claims = {}
    audience = claims.get("aud")
    first = next(iter(as_list(audience)), audience)
    return Claims(as_text(claims.get("iss")), as_text(claims.get("sub")), as_text(first))


def refusal(codes: tuple[int, ...], words: str, names: Mapping[str, str], claims: Claims | None) -> ExporterError:
    """
    Make the error for a refusal.

    `words` are what Entra ID said, for a code that we do not know; `names` are tenant, client and resource.
    """
    client = names["client"]
    if not _PASSING.isdisjoint(codes):
        return ServiceFailed(
            f"Microsoft Entra ID is in trouble itself. It said: {words}", advice="Run again in a while."
        )
    if claims is not None and not _NOT_REGISTERED.isdisjoint(codes):
        return _not_registered(client, claims)
    for code in codes:
        if code in _REFUSALS:
            message, advice = (text.format_map(names) for text in _REFUSALS[code])
            return SignInRefused(f"{message} (AADSTS{code})", advice=advice)
    return SignInRefused(
        f"Entra ID did not accept the app registration {client}. It said: {words}",
        advice="docs/express-setup.md lists what must be set up, each with a command that checks it.",
    )


def _not_registered(client: str, claims: Claims) -> SignInRefused:
    import shlex
    import zlib

    # The name that docs/express-setup.md gives is likely to be taken, by a credential that does not fit.
    mark = zlib.crc32("\n".join(claims).encode("utf-8", "replace"))
    parameters = {
        "name": f"connector-exporter-{mark:08x}",
        "issuer": claims.issuer,
        "subject": claims.subject,
        "audiences": [claims.audience],
    }
    return SignInRefused(
        f"The app registration {client} does not trust this job: no federated credential fits issuer "
        f"`{claims.issuer}`, subject `{claims.subject}` and audience `{claims.audience}`.",
        advice="Where these are what you mean to trust, register them:\n"
        f"az ad app federated-credential create --id {client} --parameters {shlex.quote(json.dumps(parameters))}",
    )
