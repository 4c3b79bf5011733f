"""Makes private keys and certificates for tests, as an administrator would with openssl."""

from __future__ import annotations

import datetime as dt
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

_NAME = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "connector-exporter")])


@cache
def rsa_key(size: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, size)


@cache
def certificate(*, days: int = 30, size: int = 2048) -> str:
    """Give a certificate of `rsa_key(size)` that ends in so many days."""
    now = dt.datetime.now(tz=dt.UTC)
    made = x509.CertificateBuilder().subject_name(_NAME).issuer_name(_NAME).public_key(rsa_key(size).public_key())
    made = made.serial_number(7).not_valid_before(now - dt.timedelta(days=60))
    signed = made.not_valid_after(now + dt.timedelta(days=days)).sign(rsa_key(size), hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.PEM).decode()


def key_text(*, size: int = 2048, password: bytes = b"", kind: str = "rsa") -> str:
    key = rsa_key(size) if kind == "rsa" else ec.generate_private_key(ec.SECP256R1())
    hidden = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, hidden).decode()
