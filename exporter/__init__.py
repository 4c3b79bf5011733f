"""Exports an OpenAPI definition to a Power Platform custom connector."""

VERSION = "0.1.0"
