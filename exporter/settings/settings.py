"""Settings: the inputs, read and checked; inside the house there are no strings to check again."""

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple


class Mode(Enum):
    """What to do on a change."""

    MANUAL = "manual"
    EXPRESS = "express"
    CHECK = "check"


class FailOn(Enum):
    """When to stop with exit code 1."""

    BREAKING = "breaking"
    ANY = "any"
    DRIFT = "drift"
    NEVER = "never"


class Auth(Enum):
    """How connections sign in."""

    AUTO = "auto"
    NONE = "none"
    API_KEY = "api-key"
    BASIC = "basic"
    AAD = "aad"
    OAUTH2 = "oauth2"
    OAUTH2_GENERIC = "oauth2generic"
    OAUTH2_PKCE = "oauth2pkce"
    DOCUSIGN = "docusign"
    DROPBOX = "dropbox"
    FACEBOOK = "facebook"
    GITHUB = "github"
    GOOGLE = "google"
    INSTAGRAM = "instagram"
    SALESFORCE = "salesforce"


class OnDrift(Enum):
    """What to do when the live connector was edited by hand."""

    STOP = "stop"
    OVERWRITE = "overwrite"


class Allow(Enum):
    """What an export does only when it is told to by name."""

    REMOVE_OPERATIONS = "remove-operations"
    """Remove more than half of the operations."""
    CHANGE_SIGN_IN = "change-sign-in"
    OLDER_COMMIT = "older-commit"
    """Export a commit that is older than the one that was exported last."""


class Backend(Enum):
    """Which API writes the connector."""

    DATAVERSE = "dataverse"
    POWER_APPS = "powerapps"


class Complete(Enum):
    """Which gaps of the definition are filled in the exported copy."""

    AUTO = "auto"
    """SAFE for OpenAPI 3, which asks for less than a connector does; in Swagger 2.0 only what would stop the export."""
    NONE = "none"
    SAFE = "safe"
    """What Power Platform refuses or mangles otherwise."""
    ALL = "all"
    """Also texts that makers read."""


class Comment(Enum):
    """When a pull request gets a comment; one that is there is kept up to date, unless it is NEVER."""

    CHANGES = "changes"
    """When something breaks or may break, was accepted on purpose, cannot be told or cannot be exported."""
    BREAKING = "breaking"
    """When something breaks, cannot be told or cannot be exported."""
    ALWAYS = "always"
    NEVER = "never"


class Choice(NamedTuple):
    """A choice that may take a value: `git:main` is `git` with `main`."""

    kind: str
    value: str = ""


class Secret:
    """A secret that shows itself only when asked: it has no text and no place in a log."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Give the secret itself."""
        return self._value

    def __bool__(self) -> bool:
        """Tell whether there is one."""
        return bool(self._value)

    def __repr__(self) -> str:
        """Show that there is one, and nothing of it."""
        return "Secret(***)" if self._value else "Secret()"

    __str__ = __repr__


NO_SECRET = Secret("")


class SecuritySettings(NamedTuple):
    """How connections sign in, and what the connector needs for it."""

    auth: Auth = Auth.AUTO
    """The first of those that were asked for."""
    others: tuple[Auth, ...] = ()
    """More ways, which makers choose among."""
    api_key_label: str = ""
    client_id: str = ""
    client_secret: Secret = NO_SECRET
    managed_identity: bool = False
    """Whether the connector proves who it is with the platform's managed identity instead of a secret."""
    on_behalf_of: bool = False
    """Whether the API may call others as the person who signed in (Entra ID)."""
    rotate_secret: bool = False
    """Whether to write the secret although nothing else changed."""
    login_url: str = ""
    tenant_id: str = ""
    resource_url: str = ""
    authorization_url: str = ""
    token_url: str = ""
    refresh_url: str = ""
    scopes: tuple[str, ...] = ()
    oauth_parameters: tuple[tuple[str, str], ...] = ()
    """More of what an identity provider must be told, as names and values of `customParameters`."""
    cloud: str = "public"


class DeployerSettings(NamedTuple):
    """Which environment the connector lives in, and who signs in to write it."""

    environment: str = ""
    """An address, an id, or a display name."""
    backend: Backend = Backend.DATAVERSE
    connector_id: str = ""
    solution: str = ""
    on_drift: OnDrift = OnDrift.STOP
    cloud: str = "public"
    endpoints: Mapping[str, str] = {}
    """Addresses that differ from the cloud's, by name."""
    tenant_id: str = ""
    client_id: str = ""
    client_secret: Secret = NO_SECRET
    certificate: Secret = NO_SECRET
    identity_token: Secret = NO_SECRET


NOT_SAID = DeployerSettings()
"""Where nobody said which environment it is."""


class LookSettings(NamedTuple):
    """How makers see the connector."""

    icon: str = ""
    brand_color: str = ""
    description: str = ""
    script: str = ""
    script_operations: tuple[str, ...] = ()
    properties: str = ""


class ShapeSettings(NamedTuple):
    """What of the definition becomes the connector."""

    overlays: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    complete: Complete = Complete.AUTO


class Settings(NamedTuple):
    """All that the user asked of us."""

    definition: str = ""
    allow_references: tuple[str, ...] = ()
    """Hosts that references of the definition may lead to by https."""
    mode: Mode = Mode.MANUAL
    asked_mode: Mode = Mode.MANUAL
    """What was asked for; on events that cannot be trusted `mode` is check all the same."""
    name: str = ""
    baseline: Choice = Choice("auto")
    record: Choice = Choice("none")
    fail_on: FailOn = FailOn.NEVER
    accept: str = ""
    config: str = ""
    """The file that further inputs were read from."""
    restore: str = ""
    """A folder that an earlier run saved; empty for an ordinary export."""
    allow: frozenset[Allow] = frozenset()
    server: str = ""
    shape: ShapeSettings = ShapeSettings()
    look: LookSettings = LookSettings()
    security: SecuritySettings = SecuritySettings()
    deployer: DeployerSettings = NOT_SAID
    bundle_directory: str = "connector-export/bundle"
    publisher: str = ""
    """Of the bundle's solution: a unique name, a colon and a prefix."""
    artifact_name: str = ""
    retention_days: int = 0
    github_token: Secret = NO_SECRET
    comment: Comment = Comment.NEVER
    sarif: str = ""
    """The SARIF file to write; empty for none."""
