"""The custom connectors of an environment, through Dataverse's Web API: found, created, updated and read back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from exporter.edges.http import Answer, Http
from exporter.edges.http_trouble import UnknownHost
from exporter.edges.powerplatform import refusals
from exporter.edges.powerplatform.columns import (
    PARAMETERS,
    READ,
    SCRIPT,
    Columns,
    changed_columns,
    columns_of,
    different,
    live_connector,
)
from exporter.edges.powerplatform.names import guid_for, is_guid, literal, origin
from exporter.edges.powerplatform.secrecy import Mask, hide
from exporter.model.connectors import Connector, LiveConnector
from exporter.model.errors import EditedByHand, ServiceFailed, ServiceRefused, WrongInputs
from exporter.model.json_values import Object, as_list, as_object, as_text
from exporter.model.logical_name import logical_name
from exporter.security.oauth import needs_secret
from exporter.settings.settings import NO_SECRET, Secret

_API = "/api/data/v9.2/"
_HEADERS = {"OData-MaxVersion": "4.0", "OData-Version": "4.0", "If-None-Match": "null"}
_MOST_PAGES = 100
_LONGEST_NAME = 200
_CUSTOM_CONNECTOR = 1
_DONE = frozenset({200, 201, 204})
_CHANGED_MEANWHILE = 412


class DataverseConnectors:
    """
    The port `Connectors` over the table `connector` (learn.microsoft.com, Dataverse table reference).

    `token` gives a bearer token when the first request is sent. The client secret is put into a write that needs one,
    is never part of a `Connector`, and goes to `mask` in each form that it is sent in.
    """

    def __init__(  # noqa: PLR0913  the last three by name
        self,
        http: Http,
        environment: str,
        token: Callable[[], str],
        *,
        solution: str = "",
        client_secret: Secret = NO_SECRET,
        mask: Mask,
    ) -> None:
        self._http = http
        self._environment = origin(environment)
        self._token = token
        self._solution = solution
        self._secret = client_secret.reveal()
        self._managed: frozenset[str] = frozenset()
        hide(mask, self._secret)

    def find(self, name: str, connector_id: str = "") -> LiveConnector | None:
        """
        Find by row id, by internal id (`shared_...`), else by display name; one request, None where there is none.

        Raises SignInRefused, ServiceRefused (several of that name), ServiceFailed, WrongInputs (neither kind of id).
        """
        if is_guid(connector_id):
            condition = f"connectorid eq {connector_id}"
        elif connector_id.startswith("shared_"):
            condition = f"connectorinternalid eq {literal(connector_id)}"
        elif connector_id:
            raise WrongInputs(
                f"`connector-id` is neither the id of a connector's row nor its internal id: {connector_id!r}.",
                advice="pac connector list shows the ids; an internal id begins with shared_.",
            )
        else:
            condition = f"displayname eq {literal(name)}"
        rows = self._rows(f"connectors?$select={READ}&$filter={condition}")
        found = tuple(live_connector(row, self._environment) for row in rows)
        if not all(is_guid(one.id) for one in found):
            raise ServiceFailed(
                "The answer of Dataverse names a connector without an id.",
                advice="Something between the runner and the service may have answered instead, such as a proxy.",
            )
        # Dataverse compares texts without regard to case; where one is written just so, it is the one.
        found = (() if connector_id else tuple(one for one in found if one.display_name == name)) or found
        if len(found) > 1:
            raise ServiceRefused(
                f"There are {len(found)} connectors named {name!r}: {', '.join(one.id for one in found[:20])}.",
                advice="Say which one with `connector-id`.",
            )
        self._managed |= {one.id for one in found if one.managed}
        return found[0] if found else None

    def create(self, name: str, connector: Connector) -> LiveConnector:
        """
        Create it, the script in a second step, and read it back.

        The row's id is made from environment and name: however often an answer is lost, there is one connector.
        Raises as `find` does, and NotExportable for what is too large for its column.
        """
        if not name or len(name) > _LONGEST_NAME:
            raise WrongInputs(f"The name of a connector has 1 to {_LONGEST_NAME} characters.", advice="Set `name`.")
        columns = columns_of(connector, self._secret)
        self._check_secret(connector, columns)
        logical = logical_name(self._prefix(), name)
        row_id = guid_for(self._environment, logical)
        # A new script often finds no room on the first try; the connector shall not depend on it.
        later = {column: columns.pop(column) for column in SCRIPT if column in columns}
        own: Columns = {"connectorid": row_id, "name": logical, "displayname": name, "connectortype": _CUSTOM_CONNECTOR}
        answer = self._ask(
            "POST",
            "connectors",
            columns={**columns, **own},
            headers={"MSCRM.SolutionUniqueName": self._solution} if self._solution else {},
            look_first=lambda: self._row_answer(row_id),
        )
        if answer.status == _CHANGED_MEANWHILE or refusals.error_code(answer) == refusals.DUPLICATE:
            raise ServiceRefused(
                f"There is already a connector with the id {row_id}, which is made from the name {name!r}: another run "
                "created it just now, or somebody gave it another display name.",
                advice=f"Run again; if this comes back, set `connector-id: {row_id}`.",
            )
        self._succeeded(answer)
        if later:
            self._write(row_id, connector, later, "")
        return self._read_back(row_id, connector)

    def update(self, live_id: str, connector: Connector, live: Connector, version: str) -> LiveConnector:
        """
        Send only the columns that differ between `live` and `connector`, read back, and give what is there now.

        Raises EditedByHand where the row is no longer at `version`, else as `create` does.
        """
        if live_id in self._managed:
            raise ServiceRefused(
                f"The connector {live_id} belongs to a managed solution, which is changed where it was made.",
                advice="Point `environment` at the development environment of that solution.",
            )
        columns = changed_columns(connector, live, self._secret)
        self._check_secret(connector, columns)
        if columns:
            self._write(live_id, connector, columns, version)
        return self._read_back(live_id, connector)

    def icon(self, live_id: str) -> bytes:
        """Give the icon as the platform keeps it (scaled), for a copy before it is overwritten; empty without one."""
        import base64
        import binascii

        rows = tuple(self._rows(f"connectors?$select=iconblob&$filter=connectorid eq {live_id}"))
        try:
            return base64.b64decode(as_text(rows[0].get("iconblob"))) if rows else b""
        except binascii.Error:
            return b""

    def _check_secret(self, connector: Connector, columns: Columns) -> None:
        if not self._secret and columns.keys() & PARAMETERS and needs_secret(connector.properties):
            raise ServiceRefused(
                "The connector's sign-in settings must be written, and the platform never gives back the client secret "
                "that belongs to them: without it, every new connection would fail.",
                advice="Supply it as `client-secret` (the secret of the connector's own app registration).",
            )

    def _write(self, row_id: str, connector: Connector, columns: Columns, version: str) -> None:
        """PATCH the row as it was at `version`; `*` keeps a PATCH from creating a row."""

        def look() -> Answer | None:
            live = live_connector(self._row(row_id), self._environment)
            if live.version == version:
                return None
            missing = columns.keys() & {column.name for column in different(connector, live.connector)}
            if not missing:
                return Answer(204)
            return Answer(_CHANGED_MEANWHILE) if version else None

        def send(match: str) -> Answer:
            headers = {"If-Match": match or "*"}
            return self._ask("PATCH", f"connectors({row_id})", columns=columns, headers=headers, look_first=look)

        answer = send(version)
        if version and refusals.has_no_versions(answer):
            answer = (
                send("*") if as_text(self._row(row_id).get("@odata.etag")) == version else Answer(_CHANGED_MEANWHILE)
            )
        if answer.status == _CHANGED_MEANWHILE:
            raise EditedByHand(
                f"Somebody changed the connector {row_id} while this run was about to write it "
                f"(last at {as_text(self._row(row_id).get('modifiedon'))}). Nothing was overwritten.",
                advice="Run again: the next run compares with what is there now.",
            )
        self._succeeded(answer)

    def _read_back(self, row_id: str, expected: Connector) -> LiveConnector:
        live = live_connector(self._row(row_id), self._environment)
        parts = ", ".join(column.part for column in different(expected, live.connector))
        if parts:
            raise ServiceFailed(
                f"The platform accepted the connector {row_id}, but what it keeps differs in: {parts}.",
                advice="Run again: somebody else may have written at the same moment. If it comes back, open the connector "
                "in the maker portal and compare these parts.",
            )
        return live

    def _row(self, row_id: str) -> Object:
        rows = tuple(self._rows(f"connectors?$select={READ}&$filter=connectorid eq {row_id}"))
        if not rows:
            raise refusals.gone()
        return rows[0]

    def _row_answer(self, row_id: str) -> Answer | None:
        rows = tuple(self._rows(f"connectors?$select=connectorid&$filter=connectorid eq {row_id}"))
        return Answer(204) if rows else None

    def _prefix(self) -> str:
        """Give the prefix of the solution's publisher; connectors outside of solutions have `new`."""
        if not self._solution:
            return "new"
        condition = f"$filter=uniquename eq {literal(self._solution)}"
        expand = "$expand=publisherid($select=customizationprefix)"
        rows = tuple(self._rows(f"solutions?$select=solutionid,ismanaged&{expand}&{condition}"))
        if not rows or rows[0].get("ismanaged") is True:
            raise ServiceRefused(
                f"The environment has no unmanaged solution {self._solution!r}.",
                advice="Give its unique name (not its display name); pac solution list shows it.",
            )
        return as_text(as_object(rows[0].get("publisherid")).get("customizationprefix")) or "new"

    def _rows(self, query: str) -> Iterator[Object]:
        """Ask for rows, page by page."""
        for _ in range(_MOST_PAGES):
            answer = self._ask("GET", query)
            self._succeeded(answer)
            page = as_object(answer.json())
            if not isinstance(page.get("value"), list):
                raise ServiceFailed(
                    f"The answer holds no rows: {answer.asked}.",
                    advice="Something between the runner and the service may have answered instead, such as a proxy.",
                )
            yield from (as_object(row) for row in as_list(page.get("value")))
            # The rest is asked of the same host, whatever host the answer names: our token is for this one.
            _, _, query = as_text(page.get("@odata.nextLink")).partition(_API)
            if not query:
                return

    def _ask(
        self,
        method: str,
        path: str,
        *,
        columns: Object | None = None,
        headers: Mapping[str, str] | None = None,
        look_first: Callable[[], Answer | None] | None = None,
    ) -> Answer:
        try:
            return self._http.request(
                method,
                f"{self._environment}{_API}{path}",
                service="Dataverse",
                headers={**_HEADERS, "Authorization": f"Bearer {self._token()}", **(headers or {})},
                json=columns,
                look_first=look_first,
            )
        except UnknownHost as error:
            raise UnknownHost(
                f"The address {self._environment} is not known: the environment does not exist, or names cannot be "
                "looked up here.",
                advice="Compare `environment` with: pac env list",
            ) from error

    def _succeeded(self, answer: Answer) -> None:
        if answer.status not in _DONE:
            raise refusals.refusal(answer, self._environment, (self._secret,))
