"""Asks the Power Apps service for the connectors of one environment, and stores icons and scripts for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping

from exporter.edges.http import Answer, Http
from exporter.edges.http_addresses import check_address, is_here
from exporter.edges.http_trouble import BETWEEN
from exporter.edges.powerplatform.environments import Bearer
from exporter.edges.powerplatform.paging import rows_of
from exporter.edges.powerplatform.power_apps_refusals import refusal
from exporter.edges.powerplatform.secrecy import Mask, hide
from exporter.model.errors import ServiceFailed, ServiceRefused, SignInRefused, WrongInputs
from exporter.model.json_values import Json, Object, as_object, as_text
from exporter.settings.clouds import Cloud

SERVICE = "Power Apps"
_PATH = "/providers/Microsoft.PowerApps/"
_VERSION = "2016-11-01"
"""The one that `paconn` speaks."""
_WHO = {"x-ms-origin": "connector-exporter"}
"""Each of its clients says who it is."""
_DONE = frozenset({200, 201, 202, 204})
_NOT_UNDERSTOOD = 400


class PowerAppsApi:
    """
    The service that `paconn` 0.0.21 speaks to (github.com/microsoft/PowerPlatformConnectors, tools/paconn-cli).

    `environment` gives the id of the environment when the first request is sent, `token` a bearer token for a service.
    Addresses that carry a signature are secrets, and go to `mask`.
    """

    def __init__(self, http: Http, cloud: Cloud, environment: Callable[[], str], token: Bearer, mask: Mask) -> None:
        self._http = http
        self._cloud = cloud
        self._find_out = environment
        self._token = token
        self._mask = mask
        self._environment = ""
        self.secrets: tuple[str, ...] = ()
        """What is taken out of the service's own words."""

    @property
    def environment(self) -> str:
        """Give the id of the environment, found out once."""
        if not self._environment:
            self._environment = self._find_out()
        return self._environment

    def ask(
        self,
        method: str,
        path: str,
        *,
        body: Json = None,
        more: str = "",
        look_first: Callable[[], Answer | None] | None = None,
    ) -> Answer:
        """Send one request about `apis`; `more` is added to the filter. Gives the answer whatever it is."""
        from urllib.parse import quote

        condition = quote(f"environment eq '{self.environment.replace(chr(39), chr(39) * 2)}'{more}", safe="")
        return self._send(
            method,
            f"{path}?api-version={_VERSION}&%24filter={condition}",
            body=body,
            again=True if method == "PATCH" else None,  # it replaces all, so that a second one does no harm
            look_first=look_first,
        )

    def all(self) -> Iterator[Object]:
        """Give the custom connectors of the environment, page by page, as the list shows them."""
        answer = self.ask("GET", "apis", more=" and IsCustomApi eq 'True'")
        if answer.status == _NOT_UNDERSTOOD:
            answer = self.ask("GET", "apis")  # as paconn asks: all there are, Microsoft's own too
        first = self.check(answer)
        for one in rows_of(first, lambda rest: self.check(self._send("GET", rest)), path=_PATH, link="nextLink"):
            if is_custom(one):
                yield one

    def check(self, answer: Answer) -> Answer:
        """Give an answer that is a success; raise what another one means."""
        if answer.status not in _DONE:
            raise refusal(answer, self.environment, self.secrets)
        return answer

    def download(self, address: str) -> bytes:
        """Fetch a file of a connector from where the service says that it is; our token is not sent there."""
        self._hide(address)
        self._check(address)
        answer = self._http.request("GET", address, service="The storage of Power Apps", headers={"Accept": "*/*"})
        if answer.status not in _DONE:
            raise ServiceFailed(
                f"{answer.asked}: status {answer.status}. It is a file of the connector, which the service just named.",
                advice="Run again: such addresses are valid for hours only.",
            )
        return answer.body

    def upload(self, files: Mapping[str, bytes]) -> dict[str, str]:
        """Store files for a connector that is about to be written; give the address of each, which is a secret."""
        storage = self._storage() if files else ""
        address, _, signature = storage.partition("?")
        uploaded = {}
        for name, content in files.items():
            uploaded[name] = f"{address}/{name}?{signature}"
            answer = self._http.request(
                "PUT",
                uploaded[name],
                service="The storage of Power Apps",
                headers={"x-ms-blob-type": "BlockBlob", "Content-Type": "application/octet-stream"},
                data=content,
            )
            if answer.status not in _DONE:
                raise ServiceRefused(
                    f"The storage of Power Apps did not take {name}: status {answer.status}.",
                    advice="Run again. A proxy that changes requests would make this, too.",
                )
        return uploaded

    def _storage(self) -> str:
        """Ask for a place to store files in; asking twice makes two places, which does no harm."""
        path = f"objectIds/{self._object_id()}/generateResourceStorage?api-version={_VERSION}"
        answer = self.check(self._send("POST", path, body={"environment": {"name": self.environment}}, again=True))
        storage = as_text(as_object(answer.json()).get("sharedAccessSignature"))
        self._hide(storage)
        if not storage:
            raise ServiceFailed(f"The answer names no storage: {answer.asked}.", advice=BETWEEN)
        self._check(storage)
        return storage

    def _object_id(self) -> str:
        """Read who we are out of our token (claim `oid`, learn.microsoft.com, access token claims)."""
        import base64
        import binascii
        from urllib.parse import quote

        middle = [*self._token(self._cloud.power_apps_audience).split("."), ""][1]
        try:
            claims = as_object(json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4))))
        except (ValueError, binascii.Error, RecursionError):
            claims = {}
        found = as_text(claims.get("oid"))
        if not found:
            raise SignInRefused(
                "The token for Power Apps does not say whose it is, and icons and scripts are stored by that.",
                advice="Use `backend: dataverse`, or export without `icon` and `script`.",
            )
        return quote(found, safe="")

    def _check(self, address: str) -> None:
        """Raise ServiceFailed for an address where no files of connectors are: whoever edits one can name its icon."""
        try:
            check_address(address)
            elsewhere = is_here(address) and not is_here(self._cloud.power_apps)
        except WrongInputs:
            elsewhere = True
        if elsewhere:
            raise ServiceFailed(
                "Power Apps names a file of the connector at no https address, or on this very machine.",
                advice="Look at the connector's icon and script in the maker portal, and save them there anew.",
            )

    def _send(
        self,
        method: str,
        path: str,
        *,
        body: Json = None,
        again: bool | None = None,
        look_first: Callable[[], Answer | None] | None = None,
    ) -> Answer:
        return self._http.request(
            method,
            f"{self._cloud.power_apps}{_PATH}{path}",
            service=SERVICE,
            headers={"Authorization": f"Bearer {self._token(self._cloud.power_apps_audience)}", **_WHO},
            json=body,
            repeatable=again,
            look_first=look_first,
            stay=True,
        )

    def _hide(self, address: str) -> None:
        """Mask the signature that lets whoever has the address read or write there (Azure Storage, SAS)."""
        from urllib.parse import parse_qs, urlsplit

        try:
            signatures = parse_qs(urlsplit(address).query).get("sig", [])
        except ValueError:
            signatures = []
        for signature in signatures:
            if signature not in self.secrets:
                self.secrets += (signature,)
                hide(self._mask, signature)


def is_custom(shown: Object) -> bool:
    """Tell whether a connector is somebody's own, not one that Microsoft publishes."""
    return as_object(shown.get("properties")).get("isCustomApi") is not False
