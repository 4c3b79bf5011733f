"""What Dataverse refuses, why, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from exporter.edges.http import Answer
from exporter.edges.http_trouble import BETWEEN
from exporter.edges.powerplatform.secrecy import without
from exporter.model.errors import ExporterError, ServiceFailed, ServiceRefused, SignInRefused
from exporter.model.json_values import as_object, as_text

DUPLICATE = "0x80040237"
_NO_SUCH_ROW = "0x80040217"
_NO_VERSIONS = "0x80060893"
_NOT_FOUND = 404
_SERVER_ERRORS = 500
_REFUSALS = 400

# fmt: off
_ASSIGN = 'pac admin assign-user --environment {environment} --user {client} --application-user --role "System Customizer"'
_FORBIDDEN: tuple[tuple[str, type[ExporterError], str, str], ...] = (
    ("0x80072560",      SignInRefused,  "The app registration is no user of the environment {environment}.", f"Add it as an application user:\n{_ASSIGN}"),
    ("not a member of", SignInRefused,  "The app registration is no user of the environment {environment}.", f"Add it as an application user:\n{_ASSIGN}"),
    ("0x80040225",      SignInRefused,  "The application user of the app registration is switched off in {environment}.", f"Switch it on in the Power Platform admin centre (the environment, Settings, Application users), or add it anew:\n{_ASSIGN}"),
    ("ip is blocked",   ServiceRefused, "The IP firewall of the environment {environment} keeps this machine out.", "Let an administrator allow its address in the Power Platform admin centre (the environment, Settings, Privacy + Security), or run on a runner whose address is allowed."),
    ("accesscheck",     ServiceRefused, "The application user may not touch that connector, which belongs to somebody else in {environment}.", "Share it with the application user, or give its role these rights for the table Connector at the level Organization (docs/express-setup.md, Fewer rights)."),
    ("rolecount=0",     ServiceRefused, "The application user may sign in to {environment}, but has no security role there; {missing} is missing.", f"Give it one, such as System Customizer:\n{_ASSIGN}"),
    ("",                ServiceRefused, "The application user may sign in to {environment}, but {missing} is missing.", f"Give it a security role that has it, such as System Customizer:\n{_ASSIGN}"),
)
"""What a refusal holds, the error, its message and its advice; the first that fits."""
_KNOWN = (
    ("nullable object must have a value", "The connection parameters are wrapped or malformed: apiProperties.json's `connectionParameters` must be the object itself."),
    ("invalid api definition", "The definition must be Swagger 2.0 with `info.title` and a public `host`."),
    ("invalidscriptdefinitionurl", "`script-operations` needs a `script`."),
    ("unassigned function app", "The platform has no room for another script right now. Run again later; everything but the script is already there."),
    ("processimagefailure", "The icon must be a PNG file of at most 1 MB."),
    ("the solution", "`solution` must be the unique name of an unmanaged solution; pac solution list shows it."),
    ("0x80072553", "The icon must be a PNG file of at most 1 MB."),
)
# fmt: on


def error_code(answer: Answer) -> str:
    """
    Give the code of a refusal (`0x80040237`), empty where there is none.

    Shape: learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors.
    """
    return as_text(as_object(as_object(answer.details()).get("error")).get("code")).lower()


def error_words(answer: Answer) -> str:
    """Give what the service said, as it is."""
    return as_text(as_object(as_object(answer.details()).get("error")).get("message"))


def has_no_versions(answer: Answer) -> bool:
    """Tell whether the table keeps no versions to compare (OptimisticConcurrencyNotEnabled)."""
    return error_code(answer) == _NO_VERSIONS


def no_such_row(answer: Answer) -> bool:
    """Tell whether an answer says that there is no row of that id."""
    return answer.status == _NOT_FOUND and (
        error_code(answer) == _NO_SUCH_ROW or "does not exist" in error_words(answer).lower()
    )


def gone() -> ServiceFailed:
    """Make the error for a row that was there a moment ago."""
    return ServiceFailed(
        "The connector is not there any more: it was deleted during this run, or never kept.",
        advice="Run again: the next run creates it where there is none.",
    )


def refusal(answer: Answer, environment: str, secrets: Iterable[str], client_id: str = "") -> ExporterError:
    """Make the error for an answer that is no success; `client_id` is who signs in, for lines to paste."""
    words = without(secrets, error_words(answer))
    match answer.status:
        case 401:
            return _not_let_in(answer, environment)
        case 403:
            return _forbidden(answer, environment, words, client_id or "$DEPLOYER_CLIENT_ID")
        case 404:
            return _not_found(answer, environment)
        case 413:
            return ServiceRefused(f"The connector is too large: {answer.asked}.", advice="Export fewer operations.")
        case status if not _REFUSALS <= status < _SERVER_ERRORS:
            return no_answer(answer, words)
        case status:
            return ServiceRefused(
                f"{answer.asked}: status {status}. It said: {words or 'nothing'}",
                advice=_advice(f"{error_code(answer)} {words}".lower()),
            )


def no_answer(answer: Answer, words: str) -> ServiceFailed:
    """Make the error for a status that is neither a success nor a refusal."""
    if answer.status >= _SERVER_ERRORS:
        return ServiceFailed(f"{answer.asked}: status {answer.status}. {words}", advice="Run again when it is back.")
    return ServiceFailed(f"{answer.asked}: status {answer.status}, which is no answer to that.", advice=BETWEEN)


def _not_let_in(answer: Answer, environment: str) -> SignInRefused:
    """Name the tenant that the environment belongs to, which it says itself."""
    challenge = answer.headers.get("www-authenticate", "")
    tenant = re.search(
        r"authorization_uri=\"?https://[^/\s]+/([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})/", challenge
    )
    if tenant:
        return SignInRefused(
            f"The environment {environment} did not accept the sign-in. It belongs to the tenant {tenant[1]}.",
            advice=f"Compare `deployer-tenant-id` with it, and register the app there:\ndeployer-tenant-id: {tenant[1]}",
        )
    return SignInRefused(
        f"The environment {environment} did not accept the sign-in.",
        advice="It must be in the tenant that `deployer-tenant-id` names, and in the cloud that `cloud` names.",
    )


def _not_found(answer: Answer, environment: str) -> ExporterError:
    if no_such_row(answer):
        return gone()
    return ServiceRefused(
        f"There is no Dataverse at {environment}: the environment does not exist, is switched off, or has no database.",
        advice="Compare `environment` with: pac env list. Without Dataverse, use `backend: powerapps` or `mode: manual`.",
    )


def _forbidden(answer: Answer, environment: str, words: str, client_id: str) -> ExporterError:
    if "error" not in as_object(answer.details()):
        return ServiceRefused(
            f"{answer.asked}: status 403, and no reason that Dataverse would give.",
            advice=f"{BETWEEN} Where it comes from the environment, a security role may be missing:\n{_ASSIGN}".format_map(
                {"environment": environment, "client": client_id}
            ),
        )
    signs = f"{error_code(answer)} {words}".lower()
    privilege = re.search(r"prv[A-Za-z]{3,60}", words)
    names = {
        "environment": environment,
        "client": client_id,
        "missing": f"the privilege {privilege[0]}" if privilege else "a privilege",
    }
    _, kind, message, advice = next(row for row in _FORBIDDEN if row[0] in signs)
    return kind(message.format_map(names), advice=advice.format_map(names))


def _advice(words: str) -> str:
    return next(
        (advice for sign, advice in _KNOWN if sign in words),
        "The validation of Power Platform's maker portal often says more: import the manual bundle there to see it.",
    )
