"""Asks the Web API of one environment's Dataverse: rows page by page, writes, and what it refuses in plain words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from exporter.edges.http import Answer, Http
from exporter.edges.http_trouble import UnknownHost
from exporter.edges.powerplatform import refusals
from exporter.edges.powerplatform.environments import Bearer
from exporter.edges.powerplatform.paging import rows_of
from exporter.model.json_values import Object

API = "/api/data/v9.2/"
_HEADERS = {"OData-MaxVersion": "4.0", "OData-Version": "4.0", "If-None-Match": "null"}
_IN_ADDRESSES = "/?&=$,()'%"
"""What stays as it is in the address of a part of a batch; blanks do not."""
_DONE = frozenset({200, 201, 204})
_NO_BATCHES = frozenset({400, 404, 405, 415, 501})


class WebApi:
    """
    The Web API of one environment (learn.microsoft.com/power-apps/developer/data-platform/webapi).

    `environment` gives its address when the first request is sent, `token` a bearer token for it. `secrets` are taken
    out of what the service says; `client_id` is who signs in, for advice.
    """

    def __init__(
        self,
        http: Http,
        environment: Callable[[], str],
        token: Bearer,
        secrets: tuple[str, ...] = (),
        *,
        client_id: str = "",
    ) -> None:
        self._http = http
        self._environment = environment
        self._token = token
        self._secrets = secrets
        self._client_id = client_id
        self._origin = ""

    @property
    def origin(self) -> str:
        """Give scheme and host of the environment, found out once. Raises what `environment` raises."""
        if not self._origin:
            self._origin = self._environment()
        return self._origin

    def rows(self, path: str, headers: Mapping[str, str] | None = None) -> Iterator[Object]:
        """Give the rows of a query, page by page. Raises SignInRefused, ServiceRefused, ServiceFailed."""
        yield from self.rest(self._checked(path, headers), headers)

    def batch(self, paths: Sequence[str], headers: dict[str, str]) -> list[Answer]:
        """
        Send several reads in one request, and give the answer to each, whatever it is.

        Where something on the way does not know batches, each is sent alone.
        """
        from urllib.parse import quote

        from exporter.edges.powerplatform.batch import BOUNDARY, batch_answers, batch_body

        inner = {"Accept": "application/json", **_HEADERS, **headers}
        addresses = [f"{self.origin}{API}{quote(path, safe=_IN_ADDRESSES)}" for path in paths]
        kind = {"Content-Type": f'multipart/mixed; boundary="{BOUNDARY}"', "Accept": "multipart/mixed"}
        kind["Prefer"] = "odata.continue-on-error"  # without it, the first refusal ends the whole batch
        answer = self.ask("POST", "$batch", headers=kind, data=batch_body(addresses, inner))
        if answer.status in _NO_BATCHES:
            return [self.ask("GET", path, headers=headers) for path in paths]
        self.check(answer)
        return batch_answers(answer, len(paths))

    def rest(self, answer: Answer, headers: Mapping[str, str] | None) -> Iterator[Object]:
        """Give the rows of a first page, and those of the pages behind it."""
        yield from rows_of(answer, lambda query: self._checked(query, headers), path=API, link="@odata.nextLink")

    def _checked(self, path: str, headers: Mapping[str, str] | None) -> Answer:
        answer = self.ask("GET", path, headers=headers)
        self.check(answer)
        return answer

    def ask(  # noqa: PLR0913  one request is all of this; everything but the first two by name
        self,
        method: str,
        path: str,
        *,
        columns: Object | None = None,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        look_first: Callable[[], Answer | None] | None = None,
    ) -> Answer:
        """Send one request, `path` behind the API's address, and give the answer whatever it is; `data` is of a batch."""
        try:
            return self._http.request(
                method,
                f"{self.origin}{API}{path}",
                service="Dataverse",
                headers={**_HEADERS, "Authorization": f"Bearer {self._token(self.origin)}", **(headers or {})},
                json=columns,
                data=data,
                # Writes come with a look: their ids and versions are ours, so that a second one does no harm.
                repeatable=True if data is not None or look_first is not None else None,
                look_first=look_first,
                stay=True,
            )
        except UnknownHost as error:
            raise UnknownHost(
                f"The address {self.origin} is not known: the environment does not exist, or names cannot be "
                "looked up here.",
                advice="Compare `environment` with: pac env list",
            ) from error

    def check(self, answer: Answer) -> None:
        """Raise what an answer that is no success means."""
        if answer.status not in _DONE:
            raise refusals.refusal(answer, self.origin, self._secrets, self._client_id)
