"""Security schemes and requirements: what a connection of a connector can sign in with."""

from __future__ import annotations

from exporter.conversion.draft import Draft
from exporter.conversion.nodes import Node
from exporter.conversion.references import reference_of
from exporter.conversion.servers import Servers
from exporter.conversion.values import distinct
from exporter.model.json_values import Json, Object, as_list, as_object, as_text
from exporter.model.pointers import Pointer

SCHEMES: Pointer = ("components", "securitySchemes")
# Flows that a connection can use, best first; the others (password, clientCredentials) need no person.
_FLOWS = (
    ("authorizationCode", "accessCode", ("authorizationUrl", "tokenUrl")),
    ("implicit", "implicit", ("authorizationUrl",)),
)
_FLOW = frozenset({"authorizationUrl", "tokenUrl", "scopes"})
_SCHEME = frozenset(
    {"type", "description", "name", "in", "scheme", "bearerFormat", "flows", "openIdConnectUrl", "oauth2MetadataUrl"}
)


class Security:
    """The security definitions of the connector, and its requirements."""

    def __init__(self, draft: Draft, servers: Servers) -> None:
        self._draft = draft
        self._servers = servers
        self.definitions: dict[str, Json] = {}
        schemes = as_object(as_object(draft.document.get("components")).get("securitySchemes"))
        for name, written in schemes.items():
            where = (*SCHEMES, name)
            target = draft.references.resolve(written, where)
            if target is None:
                draft.lose("reference-dangling", where, f"`$ref: {reference_of(written)}`")
                continue
            node = self._scheme(as_object(target.value), target.pointer, name)
            if node is not None:
                self.definitions[name] = node

    def requirements(self, written: Json, where: Pointer) -> list[Json] | None:
        """Give the requirements that the connector can meet; None where nothing is left to say."""
        if not isinstance(written, list):
            return None
        kept: list[Json] = []
        for number, one in enumerate(written):
            place = (*where, str(number))
            requirement = as_object(one)
            missing = [name for name in requirement if name not in self.definitions]
            if missing or not isinstance(one, dict):
                self._draft.lose(
                    "security-requirement-dropped", place, f"a requirement of `{', '.join(missing)[:100]}`"
                )
                continue
            kept.append({name: self._scopes(name, scopes, (*place, name)) for name, scopes in requirement.items()})
        return distinct(kept) if kept or not written else None

    def _scopes(self, name: str, written: Json, where: Pointer) -> list[Json]:
        defined = as_object(as_object(self.definitions[name]).get("scopes"))
        if as_object(self.definitions[name]).get("type") != "oauth2":
            return []
        scopes = list(dict.fromkeys(scope for scope in as_list(written) if isinstance(scope, str)))
        known = [scope for scope in scopes if scope in defined]
        if known != scopes:
            self._draft.lose("scopes-dropped", where, f"scopes of `{name}` that it does not define")
        return list(known)

    def _scheme(self, scheme: Object, where: Pointer, name: str) -> Node | None:
        node = Node(where)
        kind, http, place = (as_text(scheme.get(key)) for key in ("type", "scheme", "in"))
        if (description := self._draft.text(scheme, where, "description")) is not None:
            node["description"] = description
        node.update(self._draft.extensions(scheme, where))
        self._draft.report_others(scheme, where, _SCHEME)
        if kind == "http" and http.lower() == "basic":
            node["type"] = "basic"
        elif kind == "http" and http.lower() == "bearer":
            self._draft.lose("bearer-became-api-key", where, f"the bearer scheme `{name}`")
            node.update({"type": "apiKey", "in": "header", "name": "Authorization"})
            said = f"{node['description']} " if "description" in node else ""
            node["description"] = f"{said}(Type `Bearer`, a space and the token.)"
        elif kind == "apiKey" and place in {"header", "query"} and as_text(scheme.get("name")):
            node.update({"type": "apiKey", "in": place, "name": scheme["name"]})
        elif kind == "oauth2":
            return self._oauth(node, as_object(scheme.get("flows")), name)
        else:
            known = kind in {"http", "openIdConnect", "mutualTLS"} or (kind == "apiKey" and place == "cookie")
            loss = "security-scheme-dropped" if known else "security-scheme-broken"
            self._draft.lose(loss, where, f"the scheme `{name}` ({' '.join(filter(None, (kind, http, place)))[:60]})")
            return None
        return node

    def _oauth(self, node: Node, flows: Object, name: str) -> Node | None:
        where = (*node.origin, "flows")
        for flow, swagger, urls in _FLOWS:
            if flow not in flows:
                continue
            written = as_object(flows[flow])
            if not all(as_text(written.get(url)) for url in urls):
                continue
            node.update({"type": "oauth2", "flow": swagger})
            for url in urls:
                node[url] = self._servers.absolute(as_text(written[url]))
                node.moved[url] = (*where, flow, url)
            node.moved["flow"] = (*where, flow)
            known = (
                _FLOW | {"refreshUrl"} if written.get("refreshUrl") in (written.get("tokenUrl"), "", None) else _FLOW
            )
            self._draft.report_others(written, (*where, flow), known, extensions=True)
            scopes = as_object(written.get("scopes"))
            # Validators take a scope of this name for a reference.
            node["scopes"] = {scope: as_text(text) for scope, text in scopes.items() if scope != "$ref"}
            if "$ref" in scopes:
                self._draft.lose("keyword-invalid", (*where, flow, "scopes", "$ref"), "a scope that is named `$ref`")
            node.moved["scopes"] = (*where, flow, "scopes")
            if len(flows) > 1:
                self._draft.lose("oauth-flows-dropped", where, f"`{name}` with {len(flows)} flows")
            if flow == "implicit":
                self._draft.lose("oauth-implicit", (*where, flow), f"the implicit flow of `{name}`")
            return node
        self._draft.lose("security-scheme-dropped", node.origin, f"`{name}` without a flow for people who sign in")
        return None
