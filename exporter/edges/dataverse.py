"""The custom connectors of an environment, through Dataverse's Web API: found, created, updated and read back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from exporter.edges.http import Answer
from exporter.edges.http_trouble import BETWEEN
from exporter.edges.powerplatform import refusals
from exporter.edges.powerplatform.columns import (
    NOT_GIVEN_BACK,
    PARAMETERS,
    READ,
    SCRIPT,
    Columns,
    changed_columns,
    columns_of,
    different,
    live_connector,
)
from exporter.edges.powerplatform.names import guid_for, is_guid, is_internal_id, literal
from exporter.edges.powerplatform.promises import (
    called,
    check_kept,
    check_name,
    check_secret,
    no_id,
    only_one,
    overtaken,
)
from exporter.edges.powerplatform.secrecy import Mask, hide
from exporter.edges.powerplatform.web_api import WebApi
from exporter.model.connectors import Connector, LiveConnector
from exporter.model.errors import ServiceFailed, ServiceRefused
from exporter.model.json_values import Object, as_object, as_text
from exporter.model.logical_name import logical_name
from exporter.model.usage import Usage
from exporter.settings.settings import NO_SECRET, Secret

_CUSTOM_CONNECTOR = 1
_CHANGED_MEANWHILE = 412


class DataverseConnectors:
    """
    The port `Connectors` over the table `connector` (learn.microsoft.com, Dataverse table reference).

    The client secret is put into a write that needs one, is never part of a `Connector`, and goes to `mask` in each
    form that it is sent in.
    """

    sends_all = False
    """Only the columns that differ are sent: sign-in settings that did not change keep their secret."""

    def __init__(self, api: WebApi, *, solution: str = "", client_secret: Secret = NO_SECRET, mask: Mask) -> None:
        self._api = api
        self._solution = solution
        self._secret = client_secret.reveal()
        self._managed: frozenset[str] = frozenset()
        hide(mask, self._secret)

    @property
    def environment(self) -> str:
        """Give the address of the environment. Raises as `find` does."""
        return self._api.origin

    def find(self, name: str, connector_id: str = "") -> LiveConnector | None:
        """
        Find by row id, by internal id (`shared_...`), else by display name; one request, None where there is none.

        Raises SignInRefused, ServiceRefused (several of that name), ServiceFailed, WrongInputs (neither kind of id).
        """
        if is_guid(connector_id):
            row = self._row(connector_id)
            return self._noted([row] if row is not None else [], name)
        if is_internal_id(connector_id):
            condition = f"connectorinternalid eq {literal(connector_id)}"
        elif connector_id:
            raise no_id(connector_id)
        else:
            condition = f"displayname eq {literal(name)}"
        rows = self._api.rows(f"connectors?$select={READ}&$filter={condition}")
        # What came although the filter does not fit it (lost on the way, say) is somebody else's.
        column = "connectorinternalid" if connector_id else "displayname"
        return self._noted((row for row in rows if called(connector_id or name, as_text(row.get(column)))), name)

    def _noted(self, rows: Iterable[Object], name: str) -> LiveConnector | None:
        """Give the one that is meant, and remember which ones are managed."""
        found = tuple(live_connector(row, self.environment) for row in rows)
        if not all(is_guid(one.id) for one in found):
            raise ServiceFailed(
                "The answer of Dataverse names a connector without an id.",
                advice=BETWEEN,
            )
        self._managed |= {one.id for one in found if one.managed}
        return only_one(found, name)

    def create(self, name: str, connector: Connector) -> LiveConnector:
        """
        Create it, the script in a second step, and read it back.

        The row's id is made from environment and name: however often an answer is lost, there is one connector.
        Raises as `find` does, and NotExportable for what is too large for its column.
        """
        check_name(name)
        columns = columns_of(connector, self._secret)
        check_secret(connector.properties, self._secret)
        logical = logical_name(self._prefix(), name)
        row_id = guid_for(self.environment, logical)
        # A new script often finds no room on the first try; the connector shall not depend on it.
        later = {column: columns.pop(column) for column in SCRIPT if column in columns}
        own: Columns = {"connectorid": row_id, "name": logical, "displayname": name, "connectortype": _CUSTOM_CONNECTOR}
        answer = self._api.ask(
            "POST",
            "connectors",
            columns={**columns, **own},
            headers=self._joins(),
            look_first=lambda: self._row_answer(row_id),
        )
        if answer.status == _CHANGED_MEANWHILE or refusals.error_code(answer) == refusals.DUPLICATE:
            raise ServiceRefused(
                f"There is already a connector with the id {row_id}, which is made from the name {name!r}: another run "
                "created it just now, somebody gave it another display name, or it was deleted and can still be restored.",
                advice=f"Run again; if this comes back, set `connector-id: {row_id}`.",
            )
        self._api.check(answer)
        if later:
            self._write(row_id, connector, later, "")
        named = connector._replace(properties={**connector.properties, "displayName": name})
        return check_kept(self._live(row_id), named)

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
        if columns.keys() & PARAMETERS:
            check_secret(connector.properties, self._secret)
        if columns:
            self._write(live_id, connector, columns, version)
        return check_kept(self._live(live_id), connector)

    def usage(self, live: LiveConnector) -> Usage:
        """Give who uses a connector; what the deployer may not read is said, and nothing is raised."""
        from exporter.edges.powerplatform.users import users_of

        return users_of(self._api, live)

    def icon(self, live_id: str) -> bytes:
        """Give the icon as the platform keeps it (scaled), for a copy before it is overwritten; empty without one."""
        import base64
        import binascii

        row = self._row(live_id, "connectorid,iconblob")
        try:
            return base64.b64decode(as_text(row.get("iconblob"))) if row is not None else b""
        except binascii.Error:
            return b""

    def _write(self, row_id: str, connector: Connector, columns: Columns, version: str) -> None:
        """PATCH the row as it was at `version`; `*` keeps a PATCH from creating a row."""

        def missing(live: LiveConnector) -> bool:
            return bool(columns.keys() & {column.name for column in different(connector, live.connector)})

        def look() -> Answer | None:
            live = self._live(row_id)
            if live.version == version:
                return None
            if not missing(live):
                return Answer(204)
            return Answer(_CHANGED_MEANWHILE) if version else None

        def send(match: str) -> Answer:
            headers = {"If-Match": match or "*", **self._joins()}
            return self._api.ask("PATCH", f"connectors({row_id})", columns=columns, headers=headers, look_first=look)

        answer = send(version)
        if version and refusals.has_no_versions(answer):
            answer = send("*") if self._live(row_id).version == version else Answer(_CHANGED_MEANWHILE)
        if answer.status == _CHANGED_MEANWHILE:
            there = self._there(row_id)
            # Nobody can tell whose secret it is that lives.
            unseen = NOT_GIVEN_BACK | (PARAMETERS if self._secret else frozenset())
            if columns.keys() <= unseen or missing(live_connector(there, self.environment)):
                raise overtaken(row_id, as_text(there.get("modifiedon")))
            return  # an earlier try of ours came late, or somebody wrote just the same
        self._api.check(answer)

    def _live(self, row_id: str) -> LiveConnector:
        return live_connector(self._there(row_id), self.environment)

    def _there(self, row_id: str) -> Object:
        row = self._row(row_id)
        if row is None:
            raise refusals.gone()
        return row

    def _row(self, row_id: str, columns: str = READ) -> Object | None:
        """Read one row; None where there is none of that id."""
        answer = self._api.ask("GET", f"connectors({row_id})?$select={columns}")
        if refusals.no_such_row(answer):
            return None
        self._api.check(answer)
        row = as_object(answer.json())
        if as_text(row.get("connectorid")).lower() != row_id.lower():
            raise ServiceFailed(
                f"The answer shows no connector: {answer.asked}.",
                advice=BETWEEN,
            )
        return {"@odata.etag": answer.headers.get("etag", ""), **row}

    def _row_answer(self, row_id: str) -> Answer | None:
        return Answer(204) if self._row(row_id, "connectorid") is not None else None

    def _joins(self) -> Mapping[str, str]:
        """Give the header that makes what is written a part of the solution that was asked for."""
        return {"MSCRM.SolutionUniqueName": self._solution} if self._solution else {}

    def _prefix(self) -> str:
        """Give the prefix of the solution's publisher; connectors outside of solutions have `new`."""
        if not self._solution:
            return "new"
        condition = f"$filter=uniquename eq {literal(self._solution)}"
        expand = "$expand=publisherid($select=customizationprefix)"
        rows = tuple(self._api.rows(f"solutions?$select=solutionid,ismanaged&{expand}&{condition}"))
        if not rows or rows[0].get("ismanaged") is True:
            raise ServiceRefused(
                f"The environment has no unmanaged solution {self._solution!r}.",
                advice="Give its unique name (not its display name); pac solution list shows it.",
            )
        return as_text(as_object(rows[0].get("publisherid")).get("customizationprefix")) or "new"
