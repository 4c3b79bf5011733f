"""The custom connectors of an environment, through the Power Apps service: found, created, updated and read back."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from exporter.edges.http import Answer
from exporter.edges.http_trouble import BETWEEN
from exporter.edges.powerplatform.columns import check_sizes, different
from exporter.edges.powerplatform.members import ICON, body_of, files_of, live_connector
from exporter.edges.powerplatform.names import is_guid, is_internal_id
from exporter.edges.powerplatform.power_apps_api import PowerAppsApi, is_custom
from exporter.edges.powerplatform.power_apps_refusals import error_code
from exporter.edges.powerplatform.promises import (
    called,
    check_kept,
    check_name,
    check_secret,
    no_id,
    only_one,
    overtaken,
)
from exporter.edges.powerplatform.refusals import gone
from exporter.edges.powerplatform.secrecy import Mask, hide
from exporter.model.connectors import Connector, LiveConnector
from exporter.model.errors import NotExportable, ServiceFailed, ServiceRefused
from exporter.model.json_values import Object, as_object, as_text
from exporter.model.usage import Usage
from exporter.openapi.json_reading import deeper_than
from exporter.openapi.limits import DEEPEST_CONNECTOR
from exporter.settings.settings import NO_SECRET, Secret

_NOT_FOUND = 404
_CHANGED_MEANWHILE = 412
_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8")
"""How PNG, JPEG and GIF begin."""


class PowerAppsConnectors:
    """
    The port `Connectors` over the service that `paconn` and the maker portal write to.

    It knows no versions and takes no id from us, so what Dataverse promises is looked after here: a connector is read
    again right before it is written, and a new one is counted right after it is made.
    """

    sends_all = True
    """A write replaces everything: sign-in settings that are sent without their secret would blank it."""

    def __init__(self, api: PowerAppsApi, *, client_secret: Secret = NO_SECRET, mask: Mask) -> None:
        self._api = api
        self._secret = client_secret.reveal()
        hide(mask, self._secret)
        if self._secret:
            api.secrets += (self._secret,)

    @property
    def environment(self) -> str:
        """Give the id of the environment. Raises as `find` does."""
        return f"environment {self._api.environment}"

    def find(self, name: str, connector_id: str = "") -> LiveConnector | None:
        """
        Find by internal id (`shared_...`), by the id of its row in Dataverse, else by display name.

        Raises SignInRefused, ServiceRefused (several of that name), ServiceFailed, WrongInputs (neither kind of id).
        """
        if is_internal_id(connector_id):
            shown = self._shown(connector_id)
            return self._live(shown) if shown is not None else None
        if connector_id and not is_guid(connector_id):
            raise no_id(connector_id)
        if connector_id:
            named = [one for one in self._api.all() if _row_id(one) == connector_id.lower()]
        else:
            named = [one for one in self._api.all() if called(name, _name(one))]
        meant = only_one([live_connector(one, {}, "") for one in named], name)
        shown = self._shown(meant.id) if meant is not None else None
        return self._live(shown) if shown is not None else None

    def create(self, name: str, connector: Connector) -> LiveConnector:
        """
        Create it, see to it that no other run did the same at the same moment, and read it back.

        Where the answer to the write is lost, it is looked up by its name. Raises as `find` does, and NotExportable.
        """
        check_name(name)
        sent = self._body(connector, files_of(connector), name)

        def look() -> Answer | None:
            return Answer(204) if self._named(name) else None

        answer = self._api.check(self._api.ask("POST", "apis", body=sent, look_first=look))
        made = as_text(as_object(answer.details()).get("name"))
        made = made if is_internal_id(made) else ""  # of nonsense, the name tells more
        self._yield_to_another(name, made)
        live = self.find(name, made)
        if live is None:
            raise gone()
        return check_kept(live, connector)

    def update(self, live_id: str, connector: Connector, live: Connector, version: str) -> LiveConnector:
        """
        Replace the connector where it differs from `live`, read back, and give what is there now.

        Raises EditedByHand where it was written since `version`, else as `create` does.
        """
        files = files_of(connector if connector.icon != live.icon else connector._replace(icon=b""))
        if different(connector, live) or ICON in files:
            sent = self._body(connector, files)
            if self._version(live_id) != version:
                raise overtaken(live_id, self._version(live_id))
            look = self._looker(live_id, connector, version)
            answer = self._api.ask("PATCH", f"apis/{live_id}", body=sent, look_first=look)
            if answer.status == _CHANGED_MEANWHILE:
                raise overtaken(live_id, self._version(live_id))
            self._api.check(answer)
        return check_kept(self._there(live_id), connector)

    def usage(self, live: LiveConnector) -> Usage:
        """Say that this service does not tell who uses a connector."""
        return Usage(
            unread=(f"Power Apps does not say who uses {live.display_name}; with `backend: dataverse` it is listed.",)
        )

    def icon(self, live_id: str) -> bytes:
        """Give the icon as the platform keeps it, for a copy before it is overwritten; empty without one."""
        shown = self._shown(live_id)
        address = as_text(as_object(as_object(shown).get("properties")).get("iconUri"))
        # One that a maker wrote into the connector itself (`data:`) comes from no address.
        content = self._api.download(address) if "://" in address else b""
        return content if content.startswith(_IMAGES) else b""  # a maker's address may lead to something else

    def _body(self, connector: Connector, files: Mapping[str, bytes], name: str = "") -> Object:
        check_sizes(connector)
        check_secret(connector.properties, self._secret)
        uploaded = self._api.upload(files)
        return body_of(connector, self._secret, self._api.environment, uploaded, name=name)

    def _looker(self, live_id: str, connector: Connector, version: str) -> Callable[[], Answer | None]:
        """Give what finds out, where the answer to a write was lost, whether it was carried out."""

        def look() -> Answer | None:
            there = self._there(live_id)
            if there.version == version:
                return None
            return Answer(204) if not different(connector, there.connector) else Answer(_CHANGED_MEANWHILE)

        return look

    def _yield_to_another(self, name: str, made: str) -> None:
        """
        Take back the new connector where another run made one of the same name first.

        The service takes two of one name. The older one stays; where the two cannot be told apart, ours goes.
        """
        rivals = [one for one in self._named(name) if as_text(one.get("name")) != made]
        mine = [one for one in self._named(name) if as_text(one.get("name")) == made] if rivals else []
        if not rivals or not made or not mine:
            return
        if all(_created(one) > _created(mine[0]) for one in rivals):
            return
        self._api.check(self._api.ask("DELETE", f"apis/{made}"))
        raise ServiceRefused(
            f"Another run created a connector named {name!r} at the same moment ({as_text(rivals[0].get('name'))}), so "
            "this run took its own back.",
            advice="Run again: the next run compares with what is there now.",
        )

    def _named(self, name: str) -> list[Object]:
        return [one for one in self._api.all() if _name(one) == name]

    def _shown(self, live_id: str) -> Object | None:
        """Ask for one connector; None where there is none, or it is no custom one."""
        answer = self._api.ask("GET", f"apis/{live_id}")
        code = error_code(answer)
        if answer.status == _NOT_FOUND and code and "environment" not in code:  # a page of somebody in between has none
            return None
        shown = as_object(self._api.check(answer).json())
        if as_text(shown.get("name")) != live_id:
            raise ServiceFailed(
                f"The answer shows no connector: {answer.asked}.",
                advice=BETWEEN,
            )
        return shown if is_custom(shown) else None

    def _there(self, live_id: str) -> LiveConnector:
        shown = self._shown(live_id)
        if shown is None:
            raise gone()
        return self._live(shown)

    def _version(self, live_id: str) -> str:
        shown = self._shown(live_id)
        if shown is None:
            raise gone()
        return live_connector(shown, {}, "").version

    def _live(self, shown: Object) -> LiveConnector:
        """Fetch what the service only names: the definition as it was written (what it shows is rewritten), the script."""
        properties = as_object(shown.get("properties"))
        address = as_text(as_object(properties.get("apiDefinitions")).get("originalSwaggerUrl"))
        if not address:
            raise ServiceFailed(
                f"Power Apps does not say where the definition of {as_text(shown.get('name'))} is.",
                advice="Open the connector in the maker portal and save it there, then run again.",
            )
        script = as_text(properties.get("scriptDefinitionUrl"))
        return live_connector(
            shown,
            _definition(self._api.download(address)),
            _script(self._api.download(script)) if script else "",
        )


def _definition(content: bytes) -> Object:
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ServiceFailed("The live connector's definition is no JSON.", advice="Run again.") from error
    if deeper_than(document, DEEPEST_CONNECTOR):
        raise NotExportable("The live connector's definition is nested too deeply.", advice="Look at it by hand.")
    # A proxy's page taken for what lives would be kept as the copy of it, and what lives be overwritten.
    if "swagger" not in as_object(document):
        raise ServiceFailed("What Power Apps keeps as the live connector's definition is none.", advice=BETWEEN)
    return as_object(document)


def _script(content: bytes) -> str:
    text = content.decode("utf-8-sig", "replace")
    if text.lstrip().startswith("<"):  # no C# does, and each page of a proxy does
        raise ServiceFailed("What Power Apps keeps as the live connector's script is none.", advice=BETWEEN)
    return text


def _name(shown: Object) -> str:
    return as_text(as_object(shown.get("properties")).get("displayName"))


def _created(shown: Object) -> str:
    return as_text(as_object(shown.get("properties")).get("createdTime"))


def _row_id(shown: Object) -> str:
    metadata = as_object(as_object(shown.get("properties")).get("metadata"))
    return as_text(metadata.get("xrmConnectorId")).lower()
