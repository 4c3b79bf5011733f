"""Reads which GitHub event started the run, and whether its code may be trusted with the connector."""

import json
import re
from collections.abc import Mapping
from typing import NamedTuple

from exporter.model.errors import WrongInputs
from exporter.model.json_values import Json, Object, as_object

TRUSTED = frozenset({"push", "workflow_dispatch", "schedule", "release", "repository_dispatch"})
"""
Started by people who may write to the repository; a reusable workflow (`workflow_call`) has its caller's event.

Whatever is not named here is not trusted: pull requests and merge queues run what is not reviewed yet, and
`pull_request_target`, `workflow_run` and `issue_comment` may be made to.
"""

_PULL_REQUESTS = ("pull_request", "pull_request_target")
_MOST = 1 << 53
_LARGEST = 32 * 1024 * 1024
"""GitHub caps a webhook's payload at 25 MB: https://docs.github.com/webhooks/webhook-events-and-payloads."""


class Event(NamedTuple):
    """What started the run."""

    name: str
    """As `GITHUB_EVENT_NAME` has it; empty outside of GitHub."""
    trusted: bool
    """Whether the run may do more than check."""
    head: str = ""
    """The commit that a pull request or a merge queue wants to merge."""
    base: str = ""
    """The commit that it would be merged into, as the payload knew it."""
    number: int = 0
    """Of the pull request, where the payload names it; 0 elsewhere."""
    branch: str = ""
    """Of the run of a pull request that this run follows (`workflow_run`): its branch, as `owner:name`."""
    over: bool = False
    """Whether the pull request is closed or merged already."""


def read_event(environment: Mapping[str, str]) -> Event:
    """
    Read the event from the runner's environment; outside of GitHub it is the caller's own machine, and trusted.

    The payload is read only where the event is not trusted: nothing of it is needed elsewhere. It is written by
    whoever opened the pull request, so that what does not look right is left out. Raises WrongInputs where there
    should be a payload and it cannot be read.
    """
    name = environment.get("GITHUB_EVENT_NAME", "")
    if not name:
        return Event("", trusted=environment.get("GITHUB_ACTIONS") != "true")
    if name in TRUSTED:
        return Event(name, trusted=True)
    payload = _payload(environment.get("GITHUB_EVENT_PATH", ""))
    if name == "merge_group":
        group = as_object(payload.get("merge_group"))
        return Event(name, trusted=False, head=_sha(group.get("head_sha")), base=_sha(group.get("base_sha")))
    if name == "workflow_run":
        return _followed(as_object(payload.get("workflow_run")))
    return _pull_request(name, as_object(payload.get("pull_request")))


def _pull_request(name: str, request: Object) -> Event:
    head, base, number = as_object(request.get("head")), as_object(request.get("base")), request.get("number")
    return Event(
        name,
        trusted=False,
        head=_sha(head.get("sha")),
        base=_sha(base.get("sha")),
        number=number if isinstance(number, int) and 0 < number < _MOST else 0,
        over=request.get("state") == "closed",
    )


def _followed(run: Object) -> Event:
    """Read the run that this one follows; of a fork's, the payload does not name the pull request."""
    owner = as_object(as_object(run.get("head_repository")).get("owner")).get("login")
    branch = run.get("head_branch")
    known = isinstance(owner, str) and isinstance(branch, str) and owner and branch
    if run.get("event") not in _PULL_REQUESTS or not known:
        return Event("workflow_run", trusted=False)
    return Event("workflow_run", trusted=False, head=_sha(run.get("head_sha")), branch=f"{owner}:{branch}")


def _payload(path: str) -> Object:
    if not path:
        return {}
    try:
        with open(path, "rb") as file:
            content = file.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise WrongInputs("The event file of this run is larger than GitHub makes them.", advice=_ADVICE)
        return as_object(json.loads(content))
    except OSError as error:
        raise WrongInputs(f"The event file of this run cannot be read: {error.strerror}.", advice=_ADVICE) from error
    except (ValueError, RecursionError) as error:
        raise WrongInputs("The event file of this run is no JSON.", advice=_ADVICE) from error


_ADVICE = "It is named by GITHUB_EVENT_PATH, which the runner sets; check that no earlier step changes either."


def _sha(value: Json) -> str:
    """
    Give a commit's id as it is, and nothing for whatever else is there.

    >>> _sha("0123456789abcdef0123456789abcdef01234567"), _sha("--help"), _sha(["main"])
    ('0123456789abcdef0123456789abcdef01234567', '', '')
    """
    return value if isinstance(value, str) and re.fullmatch(r"[0-9a-f]{40}(?:[0-9a-f]{24})?", value) else ""
