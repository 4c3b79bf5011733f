"""Reads out of a job's environment which run its build artifacts belong to, and where the service for them is."""

import binascii
import json
import re
from collections.abc import Mapping
from typing import NamedTuple

from exporter.model.json_values import as_object, as_text


class Run(NamedTuple):
    """The run that artifacts belong to."""

    service: str
    """The origin of `ACTIONS_RESULTS_URL`; its path is not used."""
    token: str
    run_id: str
    """The service's own id of the run, not `GITHUB_RUN_ID`."""
    job_id: str
    page: str
    """Where people see the run."""
    most_days: int
    """How long the repository keeps artifacts at most; 0 where that is not known."""
    again: bool = False
    """Whether this is another attempt at the same run."""


def run_of(environment: Mapping[str, str]) -> Run | None:
    """
    Give the run; None where there is no artifact service.

    That is: on a laptop, in a `run:` step, on runners that are not GitHub's, and on GitHub Enterprise Server, which has
    only an older one that this protocol does not reach.
    """
    from urllib.parse import urlsplit

    token = environment.get("ACTIONS_RUNTIME_TOKEN", "")
    run_id, job_id = _scope(token)
    page = environment.get("GITHUB_SERVER_URL") or "https://github.com"
    try:
        service, host = urlsplit(environment.get("ACTIONS_RESULTS_URL", "")), urlsplit(page).hostname or ""
    except ValueError:
        return None
    if not service.hostname or not run_id or not _has_service(host):
        return None
    days = environment.get("GITHUB_RETENTION_DAYS", "")
    return Run(
        service=f"{service.scheme}://{service.netloc}",
        token=token,
        run_id=run_id,
        job_id=job_id,
        page=f"{page}/{environment.get('GITHUB_REPOSITORY', '')}/actions/runs/{environment.get('GITHUB_RUN_ID', '')}",
        most_days=int(days) if re.fullmatch(r"[0-9]{1,4}", days) else 0,
        again=environment.get("GITHUB_RUN_ATTEMPT", "") not in {"", "1"},
    )


def _has_service(host: str) -> bool:
    """
    Tell whether a GitHub of this host has the service; the same hosts as @actions/artifact, and this machine.

    >>> [_has_service(host) for host in ("github.com", "octo.ghe.com", "github.octo.com", "github.com.evil")]
    [True, True, False, False]
    """
    return host in {"github.com", "127.0.0.1", "localhost", "::1"} or host.endswith((".ghe.com", ".localhost"))


def _scope(token: str) -> tuple[str, str]:
    """Read the service's ids of run and job out of the token; its signature is the service's business."""
    try:
        payload = token.split(".")[1].translate({ord("-"): "+", ord("_"): "/"})
        claims = as_object(json.loads(binascii.a2b_base64(payload + "=" * (-len(payload) % 4))))
    except (IndexError, ValueError, RecursionError):
        return "", ""
    for scope in as_text(claims.get("scp")).split():
        name, *ids = scope.split(":")
        if name == "Actions.Results" and len(ids) == 2:  # noqa: PLR2004  the run and the job
            return ids[0], ids[1]
    return "", ""
