"""The stand-in's sign-in: the token endpoint of Entra ID, and the endpoint that gives a workflow its identity."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

TENANT = "11111111-1111-1111-1111-111111111111"
CLIENT = "22222222-2222-2222-2222-222222222222"
SECRET = "s3cret~of/the+deployer&=%"
RUNNER_TOKEN = "the.runners/token"
ISSUER = "https://token.actions.githubusercontent.com"
SUBJECT = "repo:contoso/orders:ref:refs/heads/main"
AUDIENCE = "api://AzureADTokenExchange"
BY_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

POWER_APPS = "https://service.powerapps.com"
"""For whom a token for Power Apps, and for the list of environments, is made out."""
OID = "44444444-4444-4444-4444-444444444444"
"""The service principal of the app registration."""

OPTIONS: dict[str, Any] = {
    "secret_expired": False,
    "federated": [{"issuer": ISSUER, "subject": SUBJECT, "audience": AUDIENCE}],
    "subject": SUBJECT,
    "certificates": [],
    "answer": 0,
    "lists_codes": True,
    "expires_in": 3599,
}

# fmt: off
REFUSALS = {
    90002:   (400, "invalid_request", "tenant not found"),
    700016:  (400, "unauthorized_client", "application not found in the directory"),
    7000215: (401, "invalid_client", "invalid client secret provided"),
    7000222: (401, "invalid_client", "the client secret keys are expired"),
    700211:  (401, "invalid_client", "no matching federated identity record for the presented issuer"),
    700212:  (401, "invalid_client", "no matching federated identity record for the presented audience"),
    700213:  (401, "invalid_client", "no matching federated identity record for the presented subject"),
    700021:  (401, "invalid_client", "the client assertion's application does not match"),
    700023:  (401, "invalid_client", "the client assertion's audience does not match"),
    700024:  (401, "invalid_client", "the client assertion is not within its valid time range"),
    700027:  (401, "invalid_client", "the client assertion failed signature validation"),
    500011:  (400, "invalid_resource", "the resource principal was not found in the tenant"),
    7000218: (401, "invalid_client", "the request body must contain client_assertion or client_secret"),
    70003:   (400, "unsupported_grant_type", "the app requested an unsupported grant type"),
}
# fmt: on


class Said(NamedTuple):
    """What the stand-in answers."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = {}


def _encoded(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


class Entra:
    """Knows one tenant with one app registration; what it trusts is in the options."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        self._key = secrets.token_bytes(32)
        self.tokens: dict[str, str] = {}
        self._seen: set[str] = set()
        """Whom each token is made out for: `dataverse` or `power-apps`."""

    def _signature(self, text: str) -> str:
        return base64.urlsafe_b64encode(hmac.digest(self._key, text.encode(), hashlib.sha256)).decode().rstrip("=")

    def identity(self, authorization: str, audience: str) -> Said:
        """Answer the runner's request for an identity."""
        if authorization != f"Bearer {RUNNER_TOKEN}":
            return Said(401, {"message": "not authorized"})
        claims = {"iss": ISSUER, "sub": self._options["subject"], "aud": audience, "jti": secrets.token_hex(8)}
        text = f"{_encoded({'alg': 'HS256', 'typ': 'JWT'})}.{_encoded(claims)}"
        return Said(200, {"count": 1, "value": f"{text}.{self._signature(text)}"})

    def token(self, tenant: str, form: dict[str, str], origin: str) -> Said:
        """Answer `POST /<tenant>/oauth2/v2.0/token`."""
        code = self._options["answer"] or self._wrong(tenant, form, origin)
        if code:
            status, error, words = REFUSALS.get(code, (400, "invalid_request", "told to refuse"))
            said = {
                "error": error,
                "error_description": f"AADSTS{code}: {words}. Trace ID: {secrets.token_hex(8)}",
                **({"error_codes": [code]} if self._options["lists_codes"] else {}),
                "correlation_id": secrets.token_hex(16),
            }
            return Said(status, said)
        audience = form["scope"].removesuffix("/.default")
        claims = {"aud": audience, "oid": OID, "appid": CLIENT, "n": secrets.token_hex(16)}
        token = f"{_encoded({'typ': 'JWT'})}.{_encoded(claims)}.standin"
        self.tokens[token] = "power-apps" if audience == POWER_APPS else "dataverse"
        return Said(200, {"token_type": "Bearer", "expires_in": self._options["expires_in"], "access_token": token})

    def _wrong(self, tenant: str, form: dict[str, str], origin: str) -> int:
        checks = (
            (tenant != TENANT, 90002),
            (form.get("grant_type") != "client_credentials", 70003),
            (form.get("client_id") != CLIENT, 700016),
            (form.get("scope") not in {f"{origin}/.default", f"{POWER_APPS}/.default"}, 500011),
            (form.get("client_secret", SECRET) != SECRET, 7000215),
            ("client_secret" in form and self._options["secret_expired"], 7000222),
            ("client_secret" not in form and form.get("client_assertion_type") != BY_ASSERTION, 7000218),
        )
        code = next((code for broken, code in checks if broken), 0)
        return code or ("client_secret" not in form and self._untrusted(form.get("client_assertion", ""), origin)) or 0

    def _untrusted(self, assertion: str, origin: str) -> int:
        if self._options["certificates"] and _part(assertion, 0).get("alg") != "HS256":
            return self._unsigned(assertion, f"{origin}/{TENANT}/oauth2/v2.0/token")
        text, _, signature = assertion.rpartition(".")
        if not hmac.compare_digest(signature, self._signature(text)):
            return 700027
        middle = text.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
        left = self._options["federated"]
        for name, claim, code in (("issuer", "iss", 700211), ("subject", "sub", 700213), ("audience", "aud", 700212)):
            left = [one for one in left if one[name] == claims[claim]]
            if not left:
                return code
        return 0

    def _unsigned(self, assertion: str, audience: str) -> int:
        """Check a statement that is signed with a certificate (PS256), as strictly as its documentation says."""
        from cryptography import x509
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import padding

        head, claims = _part(assertion, 0), _part(assertion, 1)
        text, _, signature = assertion.rpartition(".")
        known = [x509.load_pem_x509_certificate(pem.encode()) for pem in self._options["certificates"]]
        prints = {base64.urlsafe_b64encode(one.fingerprint(hashes.SHA256())).decode().rstrip("="): one for one in known}
        certificate = prints.get(head.get("x5t#S256", ""))
        if certificate is None or head != {"alg": "PS256", "typ": "JWT", "x5t#S256": head["x5t#S256"]}:
            return 700027
        try:
            certificate.public_key().verify(  # type: ignore[union-attr, call-arg]
                base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4)),
                text.encode(),
                padding.PSS(padding.MGF1(hashes.SHA256()), 32),  # type: ignore[arg-type]
                hashes.SHA256(),  # type: ignore[arg-type]
            )
        except InvalidSignature:
            return 700027
        if claims["iss"] != CLIENT or claims["sub"] != CLIENT:
            return 700021
        if claims["aud"] != audience:
            return 700023
        now = time.time()
        fits = claims["nbf"] <= now < claims["exp"] <= claims["nbf"] + 600
        fresh = claims["jti"] not in self._seen
        self._seen.add(claims["jti"])
        return 0 if fits and fresh else 700024


def _part(assertion: str, number: int) -> dict[str, Any]:
    part = [*assertion.split("."), "", ""][number]
    found = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) or b"{}")
    return found if isinstance(found, dict) else {}
