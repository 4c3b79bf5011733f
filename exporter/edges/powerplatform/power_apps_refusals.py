"""What the Power Apps service refuses, why, and what to do about it."""

from __future__ import annotations

import json
from collections.abc import Iterable

from exporter.edges.http import Answer
from exporter.edges.http_trouble import BETWEEN
from exporter.edges.powerplatform.refusals import gone, no_answer
from exporter.edges.powerplatform.secrecy import without
from exporter.model.errors import ExporterError, ServiceRefused, SignInRefused
from exporter.model.json_values import Object, as_list, as_object, as_text

_SERVER_ERRORS = 500
_REFUSALS = 400
_DEEPEST = 4

# fmt: off
_KNOWN = (
    ("cannotupdateapidisplayname", "Power Apps does not rename connectors: rename it in the maker portal, or give `connector-id`."),
    ("could not find member", "Leave that property out of the apiProperties.json that `properties` names."),
    ("invalid api definition", "The definition must be Swagger 2.0 with `info.title` and a public `host`."),
    ("backend url", "The definition's `host` and `basePath` must be the API's own, not those of a downloaded connector."),
    ("non-unique array item", "An operation has a tag twice: leave one out."),
    ("invalidscriptdefinitionurl", "`script-operations` needs a `script`."),
)
# fmt: on


def error_code(answer: Answer) -> str:
    """Give the code of a refusal, in small letters; empty where there is none."""
    return as_text(_error(answer).get("code")).lower()


def refusal(answer: Answer, environment: str, secrets: Iterable[str]) -> ExporterError:
    """Make the error for an answer that is no success; codes as published clients and bug reports show them."""
    words = without(secrets, _words(_error(answer)))
    match answer.status:
        case 401:
            return SignInRefused(
                f"Power Apps did not accept the sign-in. It said: {words or 'nothing'}",
                advice="Compare `cloud`. Microsoft documents this service for people only; an app registration may be "
                "refused here and let in by Dataverse: use `backend: dataverse` where the environment has one.",
            )
        case 403:
            return ServiceRefused(
                f"The deployer may not do that in the environment {environment}: {answer.asked}. It said: "
                f"{words or 'nothing'}",
                advice="Give it the role Environment Maker or System Administrator in the Power Platform admin centre. "
                "An app registration sees only connectors that it made or that are shared with it.",
            )
        case 404:
            return _not_found(answer, environment)
        case status if not _REFUSALS <= status < _SERVER_ERRORS:
            return no_answer(answer, words)
        case status:
            signs = f"{error_code(answer)} {words}".lower()
            return ServiceRefused(
                f"{answer.asked}: status {status}. It said: {words or 'nothing'}",
                advice=next(
                    (advice for sign, advice in _KNOWN if sign in signs),
                    "`paconn validate`, or importing the manual bundle in the maker portal, often says more.",
                ),
            )


def _not_found(answer: Answer, environment: str) -> ExporterError:
    code = error_code(answer)
    if "environment" in code:
        return ServiceRefused(
            f"Power Apps knows no environment {environment}.", advice="Compare `environment` with: pac env list"
        )
    if code:
        return gone()
    return ServiceRefused(f"There is nothing at {answer.asked}.", advice=f"Compare `cloud`, and `endpoints`. {BETWEEN}")


def _error(answer: Answer) -> Object:
    return as_object(as_object(answer.details()).get("error"))


def _words(error: Object, levels: int = _DEEPEST) -> str:
    """Give what the service said; the reason often stands in details, as JSON inside of JSON."""
    words = as_text(error.get("message"))
    inner = [as_object(one) for one in as_list(error.get("details"))]
    try:
        inner.append(as_object(as_object(json.loads(words)).get("error")))
    except (ValueError, RecursionError):
        pass
    else:
        words = ""
    deeper = [_words(one, levels - 1) for one in inner if one] if levels else []
    return " ".join(dict.fromkeys(part for part in (words, *deeper) if part))
