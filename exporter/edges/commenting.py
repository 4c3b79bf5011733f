"""Tells a pull request what became of a run, as a comment on it; the run never fails for it."""

from __future__ import annotations

from exporter.edges.github import MayNot
from exporter.model.errors import ServiceFailed, ServiceRefused
from exporter.model.plans import Outcome, Report, State
from exporter.ports import Comments
from exporter.reporting.comment import comment, is_about_makers, is_due
from exporter.reporting.locating import Links, Locator
from exporter.settings.settings import Comment

_KIND = "comment"
_MAY_NOT = (
    "The token of this run may not write on pull requests; everything is in the job summary instead. "
    "That is usual for pull requests from forks and from Dependabot. Elsewhere give the job "
    "`permissions: { pull-requests: write }`, or set `comment` to `never`."
)


def commented(report: Report, places: Locator, links: Links, comments: Comments, wanted: Comment) -> Report:
    """
    Comment, and give the report with what became of that.

    Where the token may not, or GitHub does not answer, the report says it: the job summary has all of it anyway.
    """
    if not is_about_makers(report):
        return report
    due = is_due(report, wanted)
    try:
        address = comments.put(comment(report, places, links), create=due)
    except MayNot:
        return _noted(report, State.SKIPPED, _MAY_NOT) if due else report
    except (ServiceRefused, ServiceFailed) as error:
        return _noted(report, State.FAILED, f"{error.message} Everything is in the job summary instead.")
    if not address:
        return report
    told = _noted(report, State.DONE, f"The comment is at {address}.")
    return told._replace(outputs={**told.outputs, "comment-url": address})


def _noted(report: Report, state: State, detail: str) -> Report:
    return report._replace(outcomes=(*report.outcomes, Outcome(_KIND, state, detail)))
