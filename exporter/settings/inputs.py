"""The table of all inputs: action.yml, the README's table, the command line and the code follow it."""

from enum import Enum
from typing import NamedTuple


class Kind(Enum):
    """What an input's text must look like."""

    TEXT = "text"
    PATH = "path"
    """In the workspace, relative to it."""
    URL = "url"
    CHOICE = "choice"
    DAYS = "days"
    COLOR = "color"
    LIST = "list"
    """Values set apart by commas, spaces or lines."""
    LINES = "lines"
    """Values set apart by commas or lines; they may have spaces in them."""
    CHOICES = "choices"
    """Several of the choices, set apart by commas, spaces or lines."""
    PAIRS = "pairs"
    """One `name=value` a line."""


SEVERAL = frozenset({Kind.LIST, Kind.LINES, Kind.CHOICES, Kind.PAIRS})
"""What takes several values: an option may be given several times, a config file may hold a list."""


class Input(NamedTuple):
    """One input of the action."""

    name: str
    group: str
    help: str
    kind: Kind = Kind.TEXT
    default: str = ""
    choices: tuple[str, ...] = ()
    """What a CHOICE may be; one that ends in `:` takes a value behind it."""
    secret: bool = False
    later_choices: tuple[str, ...] = ()
    """Choices of the contract that are refused for now."""


# fmt: off
INPUTS = (
    Input("definition", "what", "The OpenAPI file: a path in the workspace, or an https address. Found by its usual names when left out.", Kind.PATH),
    Input("allow-references", "what", "Hosts that a `$ref` of the definition may lead to by https, e.g. `schemas.example.com`. Default: none, nothing is fetched.", Kind.LIST),
    Input("mode", "what", "What to do on a change: `manual` publishes a bundle for somebody to import, `express` updates the connector itself, `check` only reports.", Kind.CHOICE, "manual", ("manual", "express", "check")),
    Input("name", "what", "Custom API Name: what makers see in their list of connectors. Default: the definition's `info.title`."),
    Input("config", "what", "A YAML or JSON file in the workspace that holds the same inputs (but no secrets); what is given directly wins.", Kind.PATH),

    Input("baseline", "compare", "What to compare with: `auto` (on a pull request what its merge would replace, else the record), `record`, `live` (the connector in the environment), `git:<rev>`, `file:<path>`, `none`.", Kind.CHOICE, "auto", ("auto", "record", "live", "artifact", "git:", "file:", "none"), later_choices=("artifact",)),
    Input("record", "compare", "Where the last export is remembered: `ref` (a hidden git ref of the repository), `file:<path>`, `none`. Default: `ref` on GitHub, `file:` beside the bundle elsewhere.", Kind.CHOICE, "", ("ref", "artifact", "file:", "none"), later_choices=("artifact",)),
    Input("fail-on", "compare", "When to stop with exit code 1: `breaking`, `any`, `drift`, `never`. Default: `breaking` in check, `never` when exporting.", Kind.CHOICE, "", ("breaking", "any", "drift", "never")),
    Input("accept", "compare", "A YAML or JSON file of breaking changes and findings that are accepted on purpose, each with a reason and a last day; reports print the lines.", Kind.PATH),
    Input("allow", "compare", "What an export must be told by name to do: `remove-operations` (more than half of them), `change-sign-in`, `older-commit` (than the one exported last).", Kind.CHOICES, "", ("remove-operations", "change-sign-in", "older-commit")),

    Input("overlay", "shape", "OpenAPI Overlay files (1.0 or 1.1) in the workspace, applied in this order: what makers need and the API's own file does not say.", Kind.LINES),
    Input("include", "shape", "Which operations to export, by tag, path, method, operationId or extension: `tag:Orders`, `/orders/**`, `GET`, `GET /orders/*`, `operation:List*`, `x-public`. Default: all.", Kind.LINES),
    Input("exclude", "shape", "Which operations to leave out, said in the same way; it wins over `include`.", Kind.LINES),
    Input("server", "shape", "The https address of the API, where the definition names none, a relative one or several.", Kind.URL),
    Input("complete", "shape", "Which gaps of the definition to fill in the exported copy: `none`, `safe` (what Power Platform refuses or mangles), `all` (also texts that makers read), `auto` (`safe` for OpenAPI 3; in Swagger 2.0 only what would stop the export).", Kind.CHOICE, "auto", ("auto", "none", "safe", "all")),

    Input("icon", "look", "A PNG file for the connector, at most 1 MB.", Kind.PATH),
    Input("brand-color", "look", "The colour behind the icon, as `#rrggbb`.", Kind.COLOR),
    Input("description", "look", "What makers read about the connector. Default: the definition's `info.description`."),
    Input("script", "look", "A C# file (`script.csx`) that runs in the connector.", Kind.PATH),
    Input("script-operations", "look", "The operationIds that the script handles. Default: all.", Kind.LIST),
    Input("properties", "look", "An existing `apiProperties.json` that stays the base.", Kind.PATH),

    Input("auth", "security", "How connections sign in: `auto` (as the definition says), or one of docs/security.md's ways; several, set apart by commas, let makers choose.", Kind.CHOICES, "auto", ("auto", "none", "api-key", "basic", "aad", "oauth2", "oauth2generic", "oauth2pkce", "docusign", "dropbox", "facebook", "github", "google", "instagram", "salesforce")),
    Input("api-key-label", "security", "What makers see when they are asked for the API key, e.g. `API Key (contact meganb@contoso.com)`."),
    Input("client-id", "security", "Client id of the connector's own app registration."),
    Input("client-secret", "security", "Client secret of the connector's own app registration; only used in express.", secret=True),
    Input("client-credential", "security", "How the connector proves to Entra ID that it is that app: `secret`, or `managed-identity`, which needs none (preview).", Kind.CHOICE, "secret", ("secret", "managed-identity")),
    Input("rotate-secret", "security", "Express: `true` writes `client-secret` although nothing else changed.", Kind.CHOICE, "false", ("false", "true")),
    Input("on-behalf-of", "security", "Entra ID: `true` lets the API call other services as the person who signed in.", Kind.CHOICE, "false", ("false", "true")),
    Input("login-url", "security", "Where people sign in, for Entra ID, DocuSign and Salesforce. Default: the provider's own; for Entra ID, that of `cloud`.", Kind.URL),
    Input("tenant-id", "security", "Entra ID: the tenant whose people sign in. Default: `common`, for people of any."),
    Input("resource-url", "security", "The API's own identifier in Entra ID (its application id URI)."),
    Input("authorization-url", "security", "OAuth 2.0: where people sign in. Default: as the definition says.", Kind.URL),
    Input("token-url", "security", "OAuth 2.0: where tokens come from. Default: as the definition says.", Kind.URL),
    Input("refresh-url", "security", "OAuth 2.0: where tokens are renewed. Default: the token URL.", Kind.URL),
    Input("scopes", "security", "OAuth 2.0 scopes to ask for. Default: as the definition says.", Kind.LIST),
    Input("oauth-parameters", "security", "More that the identity provider must be told, one `name=value` a line: templates of `oauth2generic`, `audience` of `oauth2pkce`.", Kind.PAIRS),

    Input("environment", "express", "The environment: its address, e.g. `https://contoso.crm4.dynamics.com`, its id, or its display name."),
    Input("backend", "express", "Which API writes the connector: `dataverse`, or `powerapps` for environments without Dataverse.", Kind.CHOICE, "dataverse", ("dataverse", "powerapps")),
    Input("connector-id", "express", "The id of the connector to update. Default: found by its name."),
    Input("solution", "express", "Unique name of the unmanaged solution that the connector belongs to, and whose prefix a new one gets; in manual, of the bundle's `solution.zip` (default there: made of the connector's name)."),
    Input("on-drift", "express", "When somebody edited or deleted the live connector by hand: `stop`, or `overwrite` (a copy is kept).", Kind.CHOICE, "stop", ("stop", "overwrite")),
    Input("restore", "express", "A folder that a run saved before it overwrote the live connector (`….before-…`): puts just this connector back.", Kind.PATH),
    Input("cloud", "express", "Which Microsoft cloud the environment is in.", Kind.CHOICE, "public", ("public", "gcc", "gcc-high", "dod", "china")),
    Input("endpoints", "express", "Addresses that differ from those of `cloud`, as `name=address`: `power-apps`, `power-apps-audience`, `environments`, `authority`, `audience`.", Kind.LINES),
    Input("deployer-tenant-id", "express", "The tenant of the app registration that this step signs in as."),
    Input("deployer-client-id", "express", "The client id of the app registration that this step signs in as."),
    Input("deployer-client-secret", "express", "Its secret. Leave it out to sign in with the workflow's own identity (`permissions: id-token: write`).", secret=True),
    Input("deployer-certificate", "express", "Instead of a secret: the text of a PEM file with its private key and certificate.", secret=True),
    Input("deployer-identity-token", "express", "Outside of GitHub, instead of a secret: an OpenID Connect token that the CI system gave this job, for the audience `api://AzureADTokenExchange`.", secret=True),

    Input("bundle-directory", "manual", "The folder in the workspace that the bundle is written to.", Kind.PATH, "connector-export/bundle"),
    Input("publisher", "manual", "Whose solution the bundle's `solution.zip` is: a publisher's unique name, a colon and its prefix, e.g. `ContosoLtd:cont`. Default: `ConnectorExporter:conexp`."),
    Input("artifact-name", "manual", "The name of the build artifact. Default: `connector-`, the connector's name and, where `environment` is given, its host, id or display name."),
    Input("retention-days", "manual", "How many days the build artifact is kept. Default: the repository's own setting.", Kind.DAYS),

    Input("github-token", "GitHub", "The token for the record, for pull requests and for the comment on them.", default="${{ github.token }}", secret=True),
    Input("comment", "GitHub", "When to comment on a pull request: `changes` (something breaks or may break, was accepted, cannot be told or exported), `breaking` (without what only may break or was accepted), `always`, `never`. One comment, kept up to date; it needs `permissions: { pull-requests: write }`, and without it the job summary says the same.", Kind.CHOICE, "changes", ("changes", "breaking", "always", "never")),
    Input("sarif", "GitHub", "A SARIF file (`*.sarif`) to write in the workspace, for code scanning: changes and findings on their lines.", Kind.PATH),
)

OUTPUTS = (
    ("changed", "`true` when the connector differs from the baseline, or there is no baseline."),
    ("verdict", "What the changes do to makers: `none`, `compatible`, `breaking`, or `unknown` where there is nothing to compare with."),
    ("changes", "How many changes there are."),
    ("breaking-changes", "How many of them are breaking."),
    ("drift", "`true` when somebody edited the live connector by hand."),
    ("exported", "`true` when this run published a bundle or wrote the connector."),
    ("fingerprint", "The fingerprint of the connector."),
    ("connector-id", "Express: the id of the connector."),
    ("connector-url", "Express: where the connector is seen in the environment."),
    ("redirect-url", "Express: the redirect URL to register with the identity provider, where it is known."),
    ("federated-subject", "Express: the subject that the connector's app registration must trust, with `client-credential: managed-identity`."),
    ("bundle-path", "Manual: the folder of the bundle; empty where nothing changed."),
    ("artifact-id", "Manual: the id of the build artifact."),
    ("artifact-url", "Manual: where the build artifact is downloaded."),
    ("artifact-digest", "Manual: the SHA-256 digest of the build artifact."),
    ("comment-url", "Where the comment on the pull request is; empty where there is none."),
    ("report-path", "The report as JSON."),
    ("report-page", "The report as a page for people, self-contained HTML; empty where there is nothing to say."),
    ("definition-path", "The connector definition (Swagger 2.0), also where a rule refuses it; empty where nothing changed."),
)
# fmt: on
