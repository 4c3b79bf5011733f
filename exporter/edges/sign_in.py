"""Signs in to Microsoft Entra ID as an app registration: with an identity, a certificate or a secret."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from exporter.edges.http import Answer, Http
from exporter.edges.http_trouble import BETWEEN
from exporter.edges.powerplatform.secrecy import Mask, hide, without
from exporter.edges.powerplatform.sign_in_refusals import Claims, claims_of, refusal
from exporter.model.errors import ServiceFailed, SignInRefused, WrongInputs
from exporter.model.json_values import Object, as_list, as_object, as_text
from exporter.settings.addresses import origin
from exporter.settings.clouds import Cloud, cloud_of
from exporter.settings.settings import NO_SECRET, DeployerSettings, Secret

ENTRA = "Microsoft Entra ID"
_OK = 200
_USUAL_LIFE = 3600
_BEFORE_ITS_END = 300
"""In seconds; a request may be waited for that long, and its token is not to end meanwhile."""
_BY_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Workflow(NamedTuple):
    """Where a GitHub workflow gets its own identity from; address and token are empty without `permissions: id-token: write`."""

    request_url: str = ""
    request_token: Secret = NO_SECRET
    on_github: bool = False


class App(NamedTuple):
    """The app registration that signs in, and at most one proof; without any, the workflow's identity speaks for it."""

    tenant_id: str
    client_id: str
    secret: Secret = NO_SECRET
    certificate: Secret = NO_SECRET
    """PEM: private key and certificate."""
    identity: Secret = NO_SECRET
    """A token of another CI system's OpenID Connect."""


class _Proof(NamedTuple):
    """How an app proves who it is: fields of the form, the secrets among them, and what an identity says."""

    fields: Mapping[str, str]
    claims: Claims | None = None


class EntraSignIn:
    """
    Gives bearer tokens; asks Entra ID once per resource, and anew before a token ends.

    OAuth 2.0 client credentials (RFC 6749, 4.4), with a client assertion where there is no secret (RFC 7523, 2.2).
    Every secret and token goes to `mask` the moment it exists, in each form that it is sent in.
    """

    def __init__(self, http: Http, app: App, workflow: Workflow, cloud: Cloud, mask: Mask) -> None:
        self._http = http
        self._app = app
        self._workflow = workflow
        self._cloud = cloud
        self._mask = mask
        self._tokens: dict[str, tuple[str, float]] = {}
        """By resource: the token, and until when it is used."""

    def token(self, resource: str) -> str:
        """Give a token for the service at an address, whatever page of it. Raises SignInRefused, ServiceFailed."""
        import time

        resource = origin(resource)
        token, until = self._tokens.get(resource, ("", 0.0))
        if not token or time.monotonic() > until:
            token, seconds = self._signed_in(resource)
            self._tokens[resource] = (token, time.monotonic() + seconds - _BEFORE_ITS_END)
        return token

    def _signed_in(self, resource: str) -> tuple[str, float]:
        """Give a token, and for how many seconds it is good."""
        app = self._app
        _check(app)
        address = f"{self._cloud.authority}/{app.tenant_id}/oauth2/v2.0/token"
        proof = self._proof(address)
        answer = self._http.request(
            "POST",
            address,
            service=ENTRA,
            form={
                "client_id": app.client_id,
                "scope": f"{resource}/.default",
                "grant_type": "client_credentials",
                **proof.fields,
            },
            repeatable=True,
        )
        said = _said(answer)
        token = as_text(said.get("access_token"))
        if answer.status != _OK or not token:
            if not as_text(said.get("error")):  # RFC 6749, 5.2: each refusal has one
                raise ServiceFailed(
                    f"The answer is none of a sign-in: {answer.asked} (status {answer.status}).",
                    advice=f"{BETWEEN} Compare `cloud`, and AZURE_AUTHORITY_HOST where it is set.",
                )
            codes = tuple(code for code in as_list(said.get("error_codes")) if isinstance(code, int))
            codes = codes or tuple(map(int, re.findall(r"AADSTS(\d{3,9})", as_text(said.get("error_description")))))
            words = without(proof.fields.values(), as_text(said.get("error_description")) or f"status {answer.status}")
            names = {"tenant": app.tenant_id, "client": app.client_id, "resource": resource}
            raise refusal(codes, words, names, proof.claims)
        hide(self._mask, token)
        seconds = said.get("expires_in")
        return token, seconds if isinstance(seconds, int) else _USUAL_LIFE

    def _proof(self, address: str) -> _Proof:
        """Give the proof that the inputs have, else the workflow's own identity."""
        app = self._app
        if app.secret:
            hide(self._mask, app.secret.reveal())
            return _Proof({"client_secret": app.secret.reveal()})
        if app.certificate:
            return _Proof(_asserted(self._statement(address)))
        if app.identity:
            assertion = app.identity.reveal()
            hide(self._mask, assertion)
        else:
            assertion = self._assertion()
        return _Proof(_asserted(assertion), claims_of(assertion))

    def _statement(self, address: str) -> str:
        """Sign for ourselves; the key is never sent."""
        import os
        import time

        from exporter.edges.certificate import pem_of, signed_statement

        pem = pem_of(self._app.certificate.reveal())
        hide(self._mask, self._app.certificate.reveal())
        hide(self._mask, pem)
        statement = signed_statement(pem, self._app.client_id, address, time.time(), os.urandom(16).hex())
        hide(self._mask, statement)
        return statement

    def _assertion(self) -> str:
        """Get the workflow's identity, made out for Entra ID (docs.github.com, OpenID Connect reference)."""
        from urllib.parse import quote

        workflow = self._workflow
        if not workflow.request_url or not workflow.request_token:
            raise _no_identity(workflow)
        hide(self._mask, workflow.request_token.reveal())
        answer = self._http.request(
            "GET",
            f"{workflow.request_url}{'&' if '?' in workflow.request_url else '?'}audience={quote(self._cloud.audience, safe='')}",
            service="GitHub's identity service",
            headers={"Authorization": f"Bearer {workflow.request_token.reveal()}"},
        )
        assertion = as_text(_said(answer).get("value"))
        if answer.status == _OK and not assertion:
            raise ServiceFailed(f"The answer holds no identity: {answer.asked}.", advice=BETWEEN)
        if answer.status != _OK:
            raise SignInRefused(
                f"GitHub did not give this workflow an identity (status {answer.status}).",
                advice="Run again. Workflows of forks never get an identity; other jobs need these lines:\n"
                "permissions:\n  contents: write\n  id-token: write",
            )
        hide(self._mask, assertion)
        return assertion


def sign_in(deployer: DeployerSettings, environ: Mapping[str, str], http: Http, mask: Mask) -> EntraSignIn:
    """Make the sign-in of the deployer from the inputs and the runner's variables; nothing is sent yet."""
    cloud = cloud_of(deployer.cloud, environ, deployer.endpoints)
    workflow = Workflow(
        request_url=environ.get("ACTIONS_ID_TOKEN_REQUEST_URL", ""),
        request_token=Secret(environ.get("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "")),
        on_github=environ.get("GITHUB_ACTIONS", "") == "true",
    )
    app = App(
        deployer.tenant_id,
        deployer.client_id,
        deployer.client_secret,
        deployer.certificate,
        deployer.identity_token,
    )
    return EntraSignIn(http, app, workflow, cloud, mask)


def _asserted(assertion: str) -> Mapping[str, str]:
    return {"client_assertion_type": _BY_ASSERTION, "client_assertion": assertion}


def _said(answer: Answer) -> Object:
    return as_object(answer.details())


def _check(app: App) -> None:
    missing = [
        f"`{name}`"
        for name, value in (("deployer-tenant-id", app.tenant_id), ("deployer-client-id", app.client_id))
        if not value
    ]
    if missing:
        raise WrongInputs(
            f"Express signs in as an app registration, and {' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not given.",
            advice="docs/express-setup.md shows where both are found.",
        )
    if not re.fullmatch(r"[A-Za-z0-9.-]{1,253}", app.tenant_id):
        raise WrongInputs(
            "`deployer-tenant-id` is neither a tenant's id nor one of its domain names.",
            advice="It looks like 00000000-0000-0000-0000-000000000000 or contoso.onmicrosoft.com.",
        )
    if not re.fullmatch(r"[A-Za-z0-9-]{1,64}", app.client_id):  # it stands in lines that people paste into a terminal
        raise WrongInputs(
            "`deployer-client-id` is not the id of an app registration.",
            advice="It looks like 00000000-0000-0000-0000-000000000000.",
        )


def _no_identity(workflow: Workflow) -> SignInRefused:
    if workflow.on_github:
        return SignInRefused(
            "The job may not ask GitHub for its identity (`permissions: id-token: write` is missing, or the run comes from "
            "a fork), and there is no other proof of who signs in.",
            advice="Add this to the job:\npermissions:\n  contents: write\n  id-token: write",
        )
    return SignInRefused(
        "There is nothing to sign in with: this is no GitHub workflow, and none of `deployer-identity-token`, "
        "`deployer-certificate` and `deployer-client-secret` is given.",
        advice="Give one of them as a variable, such as INPUT_DEPLOYER_IDENTITY_TOKEN; docs/express-setup.md says how to get it.",
    )
