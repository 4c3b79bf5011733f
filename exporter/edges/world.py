"""Opens the doors that a run needs, and no others: most runs need no network at all."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from exporter.edges.event import Event
from exporter.edges.runner import Runner
from exporter.edges.workspace import FolderWorkspace
from exporter.model.errors import WrongInputs
from exporter.openapi.load import shown_path
from exporter.planning.candidate import definition_path
from exporter.ports import Artifacts, Comments, Connectors, Origin, Records, Revisions, Workspace, World
from exporter.settings.addresses import is_address
from exporter.settings.settings import Comment, Mode, Settings

if TYPE_CHECKING:
    from exporter.edges.github import GitHub
    from exporter.edges.http import Http
    from exporter.edges.pull_request import PullRequests
    from exporter.edges.web_files import Web

_ELSEWHERE = frozenset({"pull_request_target", "workflow_run"})
"""These check out the default branch, not the pull request."""


def open_world(
    settings: Settings, environment: Mapping[str, str], runner: Runner, workspace: FolderWorkspace, event: Event
) -> World:
    """Open what the settings ask for; nothing is sent yet. Raises WrongInputs where it cannot be had."""
    return _Doors(settings, environment, runner, workspace, event).open()


class _Doors:
    def __init__(
        self,
        settings: Settings,
        environment: Mapping[str, str],
        runner: Runner,
        workspace: FolderWorkspace,
        event: Event,
    ) -> None:
        self._settings = settings
        self._environment = environment
        self._runner = runner
        self._workspace = workspace
        self._event = event
        self._client: Http | None = None
        self._web: Web | None = None
        self._asked: PullRequests | None = None

    def open(self) -> World:
        files = self._files()
        return World(
            workspace=files,
            origin=self._origin(),
            revisions=self._revisions(),
            records=self._records(files),
            artifacts=self._artifacts(),
            connectors=self._connectors(),
            comments=self._comments(files),
            history=self,
            checkout=None if self._event.name in _ELSEWHERE else self._workspace,
        )

    def _files(self) -> Workspace:
        named = self._settings.definition
        address = named if is_address(named) else ""
        files = self._workspace if address else self._tree()
        if not (address or self._settings.allow_references):
            return files
        from exporter.edges.web_files import Web, WebWorkspace

        self._web = Web(self._http, self._staying_http)
        return WebWorkspace(files, self._web, address)

    def _tree(self) -> Workspace:
        if not (self._event.name in _ELSEWHERE and self._event.head):
            return self._workspace
        github = self._github()
        if github is None:  # the workspace is the default branch: it would be compared with itself, and found fine
            raise WrongInputs(
                f"github-token: is empty, and on {self._event.name} the pull request is read with it.",
                advice="Leave it at its default, with `permissions: { contents: read }`.",
            )
        from exporter.edges.pull_request_files import PullRequestFiles

        return PullRequestFiles(self._workspace, self._pull_requests(), github)

    def _http(self) -> Http:
        from exporter.edges.http import Http

        if self._client is None:
            self._client = Http(tell=self._runner.say)
        return self._client

    def _staying_http(self) -> Http:
        from exporter.edges.http import Http, Patience

        return Http(Patience(tries=3, total=60), tell=self._runner.say, stay=True)

    def _github(self) -> GitHub | None:
        from exporter.edges.github import github_from

        if not self._settings.github_token:
            return None
        return github_from(self._environment, self._settings.github_token, self._http())

    def _origin(self) -> Origin:
        return Origin(
            commit=self._environment.get("GITHUB_SHA", ""),
            time=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            run=run_address(self._environment),
        )

    def _revisions(self) -> Revisions | None:
        wanted = self._settings.baseline.kind
        if wanted != "git" and not (self._event.base or self._event.head):
            return None
        from exporter.edges.revisions import RepositoryRevisions

        return RepositoryRevisions(self._workspace.root, self._pull_requests(), self._github(), self._web)

    def holds(self, revision: str, commit: str) -> bool | None:
        """Tell whether a revision has a commit in its history: few runs ask, and only these look for an answer."""
        from exporter.edges.revisions import RepositoryRevisions

        return RepositoryRevisions(self._workspace.root, self._pull_requests(), self._github()).holds(revision, commit)

    def _pull_requests(self) -> PullRequests:
        from exporter.edges.pull_request import PullRequests

        if self._asked is None:
            self._asked = PullRequests(self._environment, self._event, self._github())
        return self._asked

    def _records(self, files: Workspace) -> Records | None:
        kind, path = self._settings.record
        if kind == "file":
            from exporter.edges.file_record import FileRecords

            return FileRecords(self._workspace, path)
        if kind == "ref":
            from exporter.edges.github_record import RefRecords, record_ref

            github = self._github()
            if github is None:
                raise WrongInputs(
                    "record: is `ref`, and that needs github-token and a repository on GitHub.",
                    advice="Use `record: file:<path>` elsewhere.",
                )
            return RefRecords(github, record_ref(self._settings.deployer.environment, self._name(files)))
        return None

    def _name(self, files: Workspace) -> str:
        """Give what one connector of an environment goes by, before its definition is read."""
        return self._settings.name or shown_path(definition_path(self._settings, files))

    def _comments(self, files: Workspace) -> Comments | None:
        event = self._event
        asked = self._settings.comment is not Comment.NEVER and not event.over and (event.number or event.branch)
        github = self._github() if asked else None
        if github is None:
            return None
        from exporter.edges.github_comments import PullRequestComments
        from exporter.edges.github_record import record_ref

        connector = record_ref(self._settings.deployer.environment, self._name(files)).rpartition("/")[2]
        return PullRequestComments(github, self._pull_requests(), connector)

    def _artifacts(self) -> Artifacts | None:
        if self._settings.mode is Mode.CHECK or not self._environment.get("ACTIONS_RESULTS_URL"):
            return None
        from exporter.edges.artifacts import artifacts_from

        return artifacts_from(self._environment, self._http(), self._runner.mask)

    def _connectors(self) -> Connectors | None:
        deployer = self._settings.deployer
        known = deployer.environment and deployer.tenant_id and deployer.client_id
        if not known or self._settings.mode is Mode.MANUAL or not self._event.trusted:
            return None
        from exporter.edges.powerplatform.opening import open_connectors

        secret = self._settings.security.client_secret
        return open_connectors(deployer, secret, self._environment, self._http(), self._runner.mask)


def run_address(environment: Mapping[str, str]) -> str:
    """Give the address of the run for people; empty outside of GitHub."""
    server, repository, run = (environment.get(f"GITHUB_{name}", "") for name in ("SERVER_URL", "REPOSITORY", "RUN_ID"))
    return f"{server}/{repository}/actions/runs/{run}" if server and repository and run else ""
