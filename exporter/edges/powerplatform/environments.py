"""Finds an environment by address, id or display name, in the list that the platform's administration keeps."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from exporter.edges.http import Answer, Http
from exporter.edges.powerplatform.paging import rows_of
from exporter.edges.powerplatform.secrecy import without
from exporter.model.errors import ExporterError, ServiceFailed, ServiceRefused, SignInRefused
from exporter.model.json_values import Object, as_object, as_text
from exporter.settings.addresses import is_address, is_environment_id, origin
from exporter.settings.clouds import Cloud

Bearer: TypeAlias = "Callable[[str], str]"
"""Gives a bearer token for the service at an address."""

SERVICE = "Power Platform's list of environments"
_PATH = "/providers/Microsoft.BusinessAppPlatform/"
_ALL, _MINE = "scopes/admin/environments", "environments"
_VERSION = "api-version=2023-06-01"
_OK, _STRANGER, _FORBIDDEN, _UNKNOWN = 200, 401, 403, 404
_SHOWN = 20
_ADVICE = "Give the address of the environment instead (pac env list): it needs no list."


class Environment(NamedTuple):
    """One environment."""

    id: str
    name: str
    """As people see it."""
    url: str
    """Of its Dataverse; empty where it has none."""
    also: frozenset[str] = frozenset()
    """Further addresses and names of the same environment, in small letters."""


class Environments:
    """The environments of a tenant (learn.microsoft.com, Power Platform administration; Microsoft's own clients)."""

    def __init__(self, http: Http, cloud: Cloud, token: Bearer) -> None:
        self._http = http
        self._cloud = cloud
        self._token = token

    def address_of(self, text: str) -> str:
        """Give the address of an environment's Dataverse; nothing is asked where the text is one. Raises as `find`."""
        if "://" in text:
            return origin(text)
        found = self.find(text)
        if not found.url:
            raise ServiceRefused(
                f"The environment {text!r} ({found.id}) has no Dataverse.", advice="Use `backend: powerapps`."
            )
        return origin(found.url)

    def id_of(self, text: str) -> str:
        """Give the id of an environment; nothing is asked where the text is one. Raises as `find`."""
        return text if is_environment_id(text) else self.find(text).id

    def find(self, text: str) -> Environment:
        """
        Find the one environment that is meant.

        Raises ServiceRefused where there is none, or more than one; SignInRefused, ServiceFailed.
        """
        if is_environment_id(text) and (named := self._named(text)):
            return named
        known = [environment for environment in self._all() if environment.id]
        wanted = origin(text) if "://" in text else text.lower()
        exact = [one for one in known if text in {one.id, one.name}]
        found = exact or [one for one in known if wanted in {one.id.lower(), one.name.lower(), *one.also}]
        if len(found) == 1:
            return found[0]
        if found:
            raise ServiceRefused(
                f"There are {len(found)} environments named {text!r}: {_shown(found)}.",
                advice="Say which one with its address or id.",
            )
        raise ServiceRefused(
            f"There is no environment {text!r} among the {len(known)} that the deployer may see"
            f"{': ' if known else ''}{_shown(known)}.",
            advice="Compare with: pac env list. An app registration sees all environments only as a management "
            f"application of the tenant. {_ADVICE}",
        )

    def _named(self, environment_id: str) -> Environment | None:
        """Ask for one environment by its id; None where the deployer sees none, and the list shall say what it sees."""
        answer = self._ask(f"{_ALL}/{environment_id}?{_VERSION}")
        if answer.status == _FORBIDDEN:
            answer = self._ask(f"{_MINE}/{environment_id}?{_VERSION}")
        if answer.status in {_FORBIDDEN, _UNKNOWN}:
            return None
        found = _environment(as_object(_let_in(answer).json()))
        return found if found.id.lower() == environment_id.lower() else None

    def _all(self) -> Iterator[Environment]:
        """Give all that an administrator sees; else those that the deployer is a member of."""
        first = self._ask(f"{_ALL}?{_VERSION}")
        if first.status == _FORBIDDEN:
            first = self._ask(f"{_MINE}?{_VERSION}")
        yield from map(
            _environment, rows_of(_let_in(first), lambda rest: _let_in(self._ask(rest)), path=_PATH, link="nextLink")
        )

    def _ask(self, path: str) -> Answer:
        return self._http.request(
            "GET",
            f"{self._cloud.environments}{_PATH}{path}",
            service=SERVICE,
            headers={"Authorization": f"Bearer {self._token(self._cloud.power_apps_audience)}"},
            stay=True,
        )


def _environment(one: Object) -> Environment:
    properties = as_object(one.get("properties"))
    linked = as_object(properties.get("linkedEnvironmentMetadata"))
    said = (as_text(linked.get(name)) for name in ("instanceUrl", "instanceApiUrl"))
    addresses = [text if is_address(text) else "" for text in said]
    names = [as_text(linked.get(name)) for name in ("domainName", "uniqueName")]
    also = [*(origin(address) for address in addresses if address), *(name for name in names if name)]
    return Environment(
        id=as_text(one.get("name")),
        name=as_text(properties.get("displayName")),
        url=addresses[0],
        also=frozenset(text.lower() for text in also),
    )


def _shown(environments: Sequence[Environment]) -> str:
    more = len(environments) - _SHOWN
    listed = "; ".join(f"{without((), one.name)!r} ({without((), one.url or one.id)})" for one in environments[:_SHOWN])
    return f"{listed}; and {more} more" if more > 0 else listed


def _let_in(answer: Answer) -> Answer:
    if answer.status != _OK:
        raise _refusal(answer)
    return answer


def _refusal(answer: Answer) -> ExporterError:
    if answer.status in {_STRANGER, _FORBIDDEN}:
        return SignInRefused(
            f"The deployer may not read {SERVICE} (status {answer.status}), which names and ids are looked up in.",
            advice=f"{_ADVICE} Or let an administrator make the app registration a management application "
            "(New-PowerAppManagementApp -ApplicationId <deployer-client-id>), which lets it administer the whole tenant.",
        )
    if answer.status == _UNKNOWN:
        return ServiceRefused(f"There is nothing at {answer.asked}.", advice="Compare `cloud`, and `endpoints`.")
    return ServiceFailed(f"{answer.asked}: status {answer.status}.", advice=_ADVICE)
