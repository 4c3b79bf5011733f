"""Signs a statement of who an app registration is, with the private key of its certificate."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from exporter.model.errors import SignInRefused, WrongInputs

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.x509 import Certificate

_VALID_FOR = 300
"""Seconds; Entra ID asks for five to ten minutes."""
_SMALLEST_KEY = 2048
_ADVICE = (
    "Give the private key and the certificate as one PEM text, not as a path:\n"
    "openssl req -x509 -newkey rsa:3072 -sha256 -days 365 -nodes -subj /CN=connector-exporter -keyout key.pem -out cert.pem\n"
    "cat key.pem cert.pem"
)


def pem_of(text: str) -> str:
    r"""
    Give the PEM text that is meant: some CI systems keep only one line, written with `\n` or in base64.

    >>> pem_of("-----BEGIN X-----\\nAA==\\n-----END X-----").splitlines()[1]
    'AA=='
    """
    import binascii

    if "-----BEGIN" in text:
        return text if "\n" in text else text.replace("\\r", "").replace("\\n", "\n")
    try:
        return binascii.a2b_base64("".join(text.split()), strict_mode=True).decode()
    except ValueError:
        return text


def signed_statement(pem: str, client_id: str, audience: str, now: float, nonce: str) -> str:
    """
    Give a client assertion (RFC 7523) for the app `client_id`, for the token endpoint `audience`.

    Form: learn.microsoft.com/entra/identity-platform/certificate-credentials. Raises WrongInputs where the PEM text is
    not a private key with its certificate, SignInRefused where the certificate has ended.
    """
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    key = _key(pem)
    certificate = _certificate(pem, key)
    ends = certificate.not_valid_after_utc
    if ends.timestamp() < now:
        raise SignInRefused(
            f"The certificate of `deployer-certificate` ended on {ends:%Y-%m-%d}.",
            advice=f"Make a new one and register it:\naz ad app credential reset --id {client_id} --cert @cert.pem --append",
        )
    head = {"alg": "PS256", "typ": "JWT", "x5t#S256": _coded(certificate.fingerprint(hashes.SHA256()))}
    begins = int(now)
    claims: dict[str, str | int] = {"aud": audience, "iss": client_id, "sub": client_id, "jti": nonce}
    claims |= {"nbf": begins, "iat": begins, "exp": begins + _VALID_FOR}
    text = f"{_coded(json.dumps(head).encode())}.{_coded(json.dumps(claims).encode())}"
    form = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)
    return f"{text}.{_coded(key.sign(text.encode(), form, hashes.SHA256()))}"


def _key(pem: str) -> RSAPrivateKey:
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
    except ImportError as error:
        raise WrongInputs(
            "`deployer-certificate` needs the Python package cryptography, which is not installed here.",
            advice="python -m pip install --require-hashes -r requirements.txt",
        ) from error
    try:
        key = load_pem_private_key(pem.encode(), None)
    except TypeError:
        raise WrongInputs(
            "The private key of `deployer-certificate` is encrypted with a password.",
            advice="Keep it as a secret without one:\nopenssl pkey -in key.pem -out plain.pem",
        ) from None
    except (ValueError, UnsupportedAlgorithm):
        raise WrongInputs("`deployer-certificate` holds no private key that can be read.", advice=_ADVICE) from None
    if not isinstance(key, RSAPrivateKey) or key.key_size < _SMALLEST_KEY:
        raise WrongInputs(
            f"The key of `deployer-certificate` is no RSA key of at least {_SMALLEST_KEY} bits, as Entra ID asks for.",
            advice=_ADVICE,
        )
    return key


def _certificate(pem: str, key: RSAPrivateKey) -> Certificate:
    """Find the certificate of the key; others may stand beside it (its issuers')."""
    from cryptography.x509 import load_pem_x509_certificates

    try:
        found = load_pem_x509_certificates(pem.encode())
    except ValueError:
        found = []
    mine = key.public_key()
    certificate = next((one for one in found if one.public_key() == mine), None)
    if certificate is None:
        raise WrongInputs("`deployer-certificate` holds no certificate of its private key.", advice=_ADVICE)
    return certificate


def _coded(content: bytes) -> str:
    """Write bytes as JSON Web Tokens do: base64 for addresses, without padding (RFC 7515)."""
    import base64

    return base64.urlsafe_b64encode(content).decode().rstrip("=")
