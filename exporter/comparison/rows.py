"""What each change means to makers: one row per kind of change, with what it does where, and what to do instead."""

from typing import NamedTuple

from exporter.model.changes import Effect, Impact, Surface, When

_SURFACES = (
    Surface.FLOWS,
    Surface.APPS,
    Surface.REFRESHED_APPS,
    Surface.CONNECTIONS,
    Surface.LOGIC_APPS,
    Surface.AGENTS,
)
_EFFECTS = {"B": Effect.BREAKS, "R": Effect.BREAKS_IF_USED, "D": Effect.DESIGN_TIME, "L": Effect.LABEL}
_BREAKING, _COMPATIBLE = Impact.BREAKING, Impact.COMPATIBLE
_NOW, _RUN, _EDIT, _NEW, _NEVER = When


class Row(NamedTuple):
    """What one kind of change means."""

    id: str
    """Stable; a heading in docs/changes.md."""
    impact: Impact
    effects: str
    """
    What it does to flows, published apps, refreshed apps, connections, Logic Apps, agents, in this order.

    B breaks, R breaks if used that way, D shows at design time, L changes a label, - nothing.
    """
    when: When
    """When makers notice."""
    message: str
    """May name {operation}, {name}, {before} and {after}; it begins with a capital letter when it is told."""
    advice: str

    def surfaces(self) -> dict[Surface, Effect]:
        """Give what it does, by surface; a surface that is not touched is left out."""
        return {
            surface: _EFFECTS[code] for surface, code in zip(_SURFACES, self.effects, strict=True) if code in _EFFECTS
        }


_V2 = "Keep the old operation, mark it `deprecated`, and offer the new behaviour as a second version beside it."
_NOTHING = "Nothing to do."
_TELL = "Tell makers, and try it with a flow that exists already."

# fmt: off
ROWS = (
    # Operations
    Row("operation-removed", _BREAKING, "BBB-B-", _RUN, "The operation {operation} is gone.", "Put it back, marked `deprecated`, and remove it only when no flow or app calls it any more."),
    Row("deprecated-removed-early", _COMPATIBLE, "------", _NEVER, "{operation} is removed without ever having been marked `deprecated`: makers had no warning.", "Mark it `deprecated` first, and remove it a month later."),
    Row("operation-id-changed", _BREAKING, "B-B---", _RUN, "The operation {before} is now called {after}. Flows hold the operationId, so to them it is gone.", "Put the old operationId back; what makers read is `summary`, and that may change."),
    Row("operation-id-punctuation-changed", _BREAKING, "B-----", _RUN, "The operation {before} is now written {after}. Flows hold the operationId as it is written.", "Put the old operationId back."),
    Row("operation-id-added", _COMPATIBLE, "------", _NEW, "{before} has an operationId now: {after}.", _NOTHING),
    Row("operation-path-changed", _COMPATIBLE, "RB--B-", _RUN, "{operation} is called at another address: {before} became {after}.", "Let the API answer at the old address too: published apps and Logic Apps go on calling it."),
    Row("operation-path-param-renamed", _BREAKING, "B-D---", _RUN, "{name} of {operation} was called {before}. Flows keep its value under the old name.", "Keep the old name; `x-ms-summary` is what makers read."),
    Row("operation-method-changed", _BREAKING, "RB--B-", _RUN, "{operation} is called with another method: {before} became {after}. Published apps and Logic Apps go on using the old one.", _V2),
    Row("operation-added", _COMPATIBLE, "------", _NEW, "{operation} is new.", _NOTHING),
    Row("operation-hidden", _BREAKING, "D-B-D-", _EDIT, "{operation} became internal: makers cannot pick it any more, and apps lose it when they are refreshed.", "Use `advanced`, or mark it `deprecated`."),
    Row("operation-shown", _COMPATIBLE, "------", _NEW, "{operation} is visible to makers now.", _NOTHING),
    Row("operation-visibility-changed", _COMPATIBLE, "L-L-L-", _EDIT, "{operation} moved in the list that makers pick from: {before} became {after}.", _NOTHING),
    Row("operation-deprecated", _COMPATIBLE, "D-D-D-", _EDIT, "{operation} is deprecated: it is hidden from new flows, existing ones go on.", "Name the operation to use instead in `x-ms-api-annotation`."),
    Row("deprecated-without-replacement", _COMPATIBLE, "D-D-D-", _EDIT, "{operation} is deprecated, and no operation of its family with a higher revision takes its place.", "Add the next version first, with the same `x-ms-api-annotation` family and a higher revision."),
    Row("operation-undeprecated", _COMPATIBLE, "------", _NEW, "{operation} is no longer deprecated.", _NOTHING),
    Row("annotation-family-changed", _COMPATIBLE, "L-L-L-", _EDIT, "{operation} moved to another family of versions: {before} became {after}.", _NOTHING),
    Row("annotation-revision-decreased", _COMPATIBLE, "D-D-D-", _EDIT, "The revision of {operation} went down from {before} to {after}: designers may offer the wrong version.", "Give the newest version the highest revision."),
    Row("annotation-replacement-dangling", _COMPATIBLE, "D---D-", _EDIT, "{operation} names {after} as its replacement, but there is no such operation.", "Name an operation of this definition."),
    Row("annotation-changed", _COMPATIBLE, "L-L-L-", _EDIT, "The annotation of {operation} changed: {before} became {after}.", _NOTHING),
    Row("operation-summary-changed", _COMPATIBLE, "L-L-LL", _EDIT, "{operation} has another name for makers: {before} became {after}.", _NOTHING),
    Row("operation-description-changed", _COMPATIBLE, "L-L-LL", _EDIT, "{operation} is described in other words.", "Agents choose tools by their descriptions: try the ones that use it."),
    Row("operation-tags-changed", _COMPATIBLE, "------", _NEVER, "The tags of {operation} changed.", _NOTHING),
    Row("operation-context-changed", _COMPATIBLE, "------", _NEVER, "How {operation} can be simulated (`x-ms-operation-context`) changed: {before} became {after}.", _NOTHING),
    Row("operation-security-changed", _COMPATIBLE, "R-R-R-", _NOW, "{operation} asks for another sign-in: {before} became {after}.", "Make sure that existing connections are still let in."),
    Row("media-type-changed", _COMPATIBLE, "R-R-R-", _RUN, "The content types of {operation} changed: {before} became {after}.", _TELL),
    Row("pageable-changed", _COMPATIBLE, "RRR-R-", _RUN, "{operation} gives its pages in another way: {before} became {after}.", "Flows that turned on pagination may get the first page only: try one."),

    # Triggers
    Row("trigger-removed", _BREAKING, "B---B-", _NOW, "The trigger {operation} is gone: flows that start with it do not run again.", "Put it back, marked `deprecated`, and remove it only when no flow starts with it any more."),
    Row("trigger-added", _COMPATIBLE, "------", _NEW, "The trigger {operation} is new.", _NOTHING),
    Row("trigger-kind-changed", _BREAKING, "B---B-", _RUN, "The trigger {operation} starts flows in another way: {before} became {after}.", "Offer it as a new trigger; makers must set up their trigger again."),
    Row("action-became-trigger", _BREAKING, "B-B-B-", _RUN, "{operation} was an action and is a trigger now.", _V2),
    Row("trigger-became-action", _BREAKING, "B-D-B-", _RUN, "{operation} was a trigger and is an action now.", _V2),
    Row("notification-url-removed", _BREAKING, "B---B-", _RUN, "The trigger {operation} no longer says where its callback address goes ({name}), so it cannot be registered.", "Put `x-ms-notification-url` back on that field."),
    Row("notification-url-moved", _BREAKING, "B---B-", _RUN, "The trigger {operation} takes its callback address at {after} now, not at {before}; flows that exist go on giving it there.", "Keep the name of the field that has `x-ms-notification-url`; makers do not see it."),
    Row("notification-url-added", _COMPATIBLE, "------", _RUN, "{operation} takes a callback address in {name}.", _NOTHING),
    Row("trigger-metadata-changed", _COMPATIBLE, "L---L-", _EDIT, "The texts or hints of the trigger {operation} changed.", _NOTHING),
    Row("webhook-delete-changed", _COMPATIBLE, "R---R-", _RUN, "{operation}, by which a trigger is given up again, changed or is gone: what flows registered before may never be cleaned up.", "Keep it as it is, or clean up old registrations in the API."),

    # Inputs, the parameters
    Row("param-required-added", _BREAKING, "B-B-R-", _RUN, "{name} of {operation} is new and required; existing flows and apps do not give it.", "Make it optional, or give it a default and `x-ms-visibility: internal`."),
    Row("param-required-hidden-added", _COMPATIBLE, "----R-", _RUN, "{name} of {operation} is new and fixed: the platform fills it in.", "Logic Apps that exist already do not send it: let the API do without it."),
    Row("param-hidden-without-default-added", _BREAKING, "B-B-B-", _RUN, "{name} of {operation} is new, required and internal, but has no default: nobody can give it.", "Give it a default."),
    Row("param-optional-added", _COMPATIBLE, "------", _NEW, "{name} of {operation} is new and optional.", _NOTHING),
    Row("param-required-removed", _BREAKING, "BRB-R-", _EDIT, "{name} of {operation} was required and is gone; flows that hold a value for it cannot be saved.", "Keep it, and let the API ignore it."),
    Row("param-optional-removed", _BREAKING, "BRB-R-", _EDIT, "{name} of {operation} is gone; where it was filled in, the value is lost.", "Keep it, and let the API ignore it."),
    Row("param-hidden-removed", _COMPATIBLE, "----R-", _RUN, "{name} of {operation} is gone; it was internal, so makers did not see it.", "Let the API ignore it: Logic Apps that exist already go on sending it."),
    Row("param-became-required", _BREAKING, "BRB-R-", _RUN, "{name} of {operation} is required now; flows that left it empty fail.", "Leave it optional, and let the API choose a default."),
    Row("param-hidden-became-required", _COMPATIBLE, "------", _RUN, "{name} of {operation}, which is internal, is required now; the platform fills it in.", _NOTHING),
    Row("param-became-optional", _BREAKING, "--B---", _EDIT, "{name} of {operation} is optional now: flows do not mind, but in apps it leaves its place among the arguments.", "Leave it required, or tell the makers of apps to go through their calls."),
    Row("param-hidden-became-optional", _COMPATIBLE, "------", _NEW, "{name} of {operation}, which was internal, is optional now; makers never passed it.", _NOTHING),
    Row("param-outside-apps-became-optional", _COMPATIBLE, "------", _NEW, "{name} of {operation} is optional now; flows do not mind, and apps do not call this operation.", _NOTHING),
    Row("body-became-optional", _COMPATIBLE, "------", _NEW, "The body of {operation} is optional now; its required fields stay where they are.", _NOTHING),
    Row("param-order-changed", _BREAKING, "--B---", _EDIT, "The required inputs of {operation} changed their order: {before} became {after}. Apps pass them by position.", "Put the old order back."),
    Row("param-location-changed", _BREAKING, "BBD-B-", _RUN, "{name} of {operation} moved from {before} to {after}.", _V2),
    Row("body-param-renamed", _BREAKING, "B-----", _RUN, "The body of {operation} was called {before} and is called {after} now; flows keep the values of its fields under the old name.", "Put the old name back (in OpenAPI 3: `x-bodyName` beside the `content` of the body); makers do not see it."),

    # Inputs, the fields of the body
    Row("request-field-required-added", _BREAKING, "BRB-R-", _RUN, "{name} of {operation} is new and required; existing flows and apps do not send it.", "Make it optional, or give it a default and `x-ms-visibility: internal`."),
    Row("request-field-required-hidden-added", _COMPATIBLE, "----R-", _RUN, "{name} of {operation} is new and fixed: the platform fills it in.", "Logic Apps that exist already do not send it: let the API do without it."),
    Row("request-field-hidden-without-default-added", _BREAKING, "B-B-B-", _RUN, "{name} of {operation} is new, required and internal, but has no default: nobody can give it.", "Give it a default."),
    Row("request-field-optional-added", _COMPATIBLE, "------", _NEW, "{name} of {operation} is new and optional.", _NOTHING),
    Row("request-field-required-removed", _BREAKING, "BRB-R-", _EDIT, "{name} of {operation} was required and is gone; flows that hold a value for it cannot be saved.", "Keep it, and let the API ignore it."),
    Row("request-field-optional-removed", _BREAKING, "BRB-R-", _EDIT, "{name} of {operation} is gone; where it was filled in, the value is lost.", "Keep it, and let the API ignore it."),
    Row("request-field-hidden-removed", _COMPATIBLE, "----R-", _RUN, "{name} of {operation} is gone; it was internal, so makers did not see it.", "Let the API ignore it: Logic Apps that exist already go on sending it."),
    Row("request-field-became-required", _BREAKING, "BRB-R-", _RUN, "{name} of {operation} is required now; flows that left it empty fail.", "Leave it optional, and let the API choose a default."),
    Row("request-field-hidden-became-required", _COMPATIBLE, "------", _RUN, "{name} of {operation}, which is internal, is required now; the platform fills it in.", _NOTHING),
    Row("request-field-became-optional", _BREAKING, "--B---", _EDIT, "{name} of {operation} is optional now: flows do not mind, but in apps it leaves its place among the arguments.", "Leave it required, or tell the makers of apps to go through their calls."),
    Row("request-field-hidden-became-optional", _COMPATIBLE, "------", _NEW, "{name} of {operation}, which was internal, is optional now; makers never passed it.", _NOTHING),
    Row("request-nested-field-became-optional", _COMPATIBLE, "------", _NEW, "{name} of {operation} is optional now; no argument of an app moves by that.", _NOTHING),
    Row("request-field-order-changed", _BREAKING, "--B---", _EDIT, "The required fields of the body of {operation} changed their order: {before} became {after}. Apps pass them by position.", "Put the properties back into the old order."),
    Row("request-shape-changed", _BREAKING, "BRB-R-", _RUN, "{name} of {operation} has another shape: {before} became {after}.", _V2),

    # Inputs, what a value may be
    Row("request-type-changed", _BREAKING, "BRB-R-", _RUN, "{name} of {operation} takes another type: {before} became {after}. Flows go on sending the old one.", _V2),
    Row("request-type-widened", _COMPATIBLE, "------", _NEW, "{name} of {operation} takes more than before: {before} became {after}.", _NOTHING),
    Row("request-type-stated", _COMPATIBLE, "D-R-D-", _EDIT, "{name} of {operation} has a type now: {after}.", "Make sure that it is the type that the API took all along."),
    Row("request-format-changed", _COMPATIBLE, "RRR-R-", _EDIT, "{name} of {operation} takes another format: {before} became {after}.", _TELL),
    Row("request-enum-value-removed", _BREAKING, "RRD-R-", _RUN, "{name} of {operation} no longer takes {before}; flows may have picked it.", "Let the API and the definition go on taking it."),
    Row("request-enum-introduced", _BREAKING, "RRD-R-", _RUN, "{name} of {operation} took any value and takes only {after} now.", "Leave the list out, or offer it as suggestions (`x-ms-dynamic-values`)."),
    Row("request-enum-value-added", _COMPATIBLE, "------", _NEW, "{name} of {operation} also takes {after}.", _NOTHING),
    Row("request-enum-dropped", _COMPATIBLE, "L-L-L-", _EDIT, "{name} of {operation} takes any value now, not only those of a list.", _NOTHING),
    Row("request-constraint-tightened", _COMPATIBLE, "RR--R-", _RUN, "{name} of {operation} has a narrower limit: {before} became {after}.", "Make sure that the API took no values beyond it before."),
    Row("request-constraint-loosened", _COMPATIBLE, "------", _NEW, "{name} of {operation} has a wider limit: {before} became {after}.", _NOTHING),
    Row("default-changed", _COMPATIBLE, "RRR-R-", _RUN, "The default of {name} of {operation} changed: {before} became {after}. That is what is sent where it was left empty.", _TELL),
    Row("default-changed-hidden", _COMPATIBLE, "RRR-R-", _NOW, "The fixed value of {name} of {operation} changed: {before} became {after}. Every call sends it, also those of existing flows.", "Make sure that the API does the same with both values."),
    Row("hidden-default-removed", _BREAKING, "B-B-B-", _RUN, "{name} of {operation} is required and internal, and its fixed value is gone: nobody can give it.", "Put the default back."),
    Row("hidden-input-changed", _COMPATIBLE, "R-R-R-", _RUN, "{name} of {operation}, which makers do not fill in, changed: {before} became {after}.", "Let the API take the old value too: what exists already may go on sending it."),
    Row("param-hidden", _BREAKING, "D-B-D-", _EDIT, "{name} of {operation} became internal: makers cannot fill it in any more.", "Use `advanced`."),
    Row("param-shown", _COMPATIBLE, "--R---", _EDIT, "Makers can fill in {name} of {operation} now.", "Where it is required, apps must pass one argument more after a refresh."),
    Row("param-visibility-changed", _COMPATIBLE, "L---L-", _EDIT, "{name} of {operation} moved in the form: {before} became {after}.", _NOTHING),
    Row("url-encoding-changed", _COMPATIBLE, "RRR-R-", _RUN, "{name} of {operation} is encoded in another way in the address: {before} became {after}.", "Try values with `/`, `%` and spaces."),
    Row("collection-format-changed", _COMPATIBLE, "R-R-R-", _RUN, "{name} of {operation} is written in another way: {before} became {after}.", "`multi` cannot be imported; make sure that the API reads the new way."),

    # Dynamic lists and schemas
    Row("dynamic-target-missing", _BREAKING, "D-D-D-", _EDIT, "{name} of {operation} is looked up by the operation {after}, which does not exist.", "Keep that operation, or name another one."),
    Row("dynamic-target-unknown", _COMPATIBLE, "------", _NEW, "{name} of {operation}, which is new, is looked up by the operation {after}, which does not exist.", "Name an operation of this definition."),
    Row("dynamic-parameter-missing", _COMPATIBLE, "D-D-D-", _EDIT, "{name} of {operation} is looked up with the input {after}, which the operation that is asked does not have.", "Name an input of that operation."),
    Row("dynamic-path-missing", _COMPATIBLE, "D-D-D-", _EDIT, "{name} of {operation} is looked up at {after}, which the operation that is asked does not answer.", "Name a field of its answer, or describe the field there."),
    Row("dynamic-changed", _COMPATIBLE, "D-D-D-", _EDIT, "{name} of {operation} is looked up in another way: {before} became {after}.", "Try the field in the designer."),
    Row("dynamic-removed", _COMPATIBLE, "D-D-D-", _EDIT, "{name} of {operation} is no longer looked up by another operation: makers type it in.", _NOTHING),
    Row("request-dynamic-schema-removed", _BREAKING, "BRB-R-", _EDIT, "What is in {name} of {operation} is no longer looked up, so what makers filled in there has no place any more.", "Keep the dynamic schema, or list the fields."),
    Row("dynamic-added", _COMPATIBLE, "------", _NEW, "{name} of {operation} is looked up by the operation {after} now.", _NOTHING),
    Row("response-dynamic-schema-removed", _BREAKING, "RRB-R-", _EDIT, "What is in {name} of {operation} is no longer looked up, so what makers picked from it is gone.", "Keep the dynamic schema, or list the fields."),
    Row("response-dynamic-schema-changed", _BREAKING, "RRB-R-", _EDIT, "What is in {name} of {operation} is looked up by another operation: {before} became {after}. What makers picked from it may be gone.", "Make sure that the other operation gives the same fields."),

    # Outputs
    Row("response-field-removed", _BREAKING, "RRB-R-", _RUN, "{name} of {operation} is gone.", "Go on sending it, and keep it in the definition."),
    Row("response-field-added", _COMPATIBLE, "------", _NEW, "{name} of {operation} is new.", _NOTHING),
    Row("response-field-type-changed", _BREAKING, "RRB-R-", _RUN, "{name} of {operation} has another type: {before} became {after}.", _V2),
    Row("response-field-type-widened", _BREAKING, "RRB-R-", _RUN, "{name} of {operation} may be more than before: {before} became {after}. Inputs that it is passed to may not take it.", "Keep the type if the API never sends more than before."),
    Row("response-field-type-narrowed", _COMPATIBLE, "------", _RUN, "{name} of {operation} is more exact: {before} became {after}.", _NOTHING),
    Row("response-field-type-stated", _COMPATIBLE, "L-R-L-", _EDIT, "{name} of {operation} has a type now: {after}.", "Refresh an app that uses it, and see that its formulas still fit."),
    Row("response-field-format-changed", _BREAKING, "RRB-R-", _EDIT, "{name} of {operation} has another format: {before} became {after}; in apps that is another type.", "Keep the format that makers built on."),
    Row("response-field-format-detail-changed", _COMPATIBLE, "R---R-", _RUN, "{name} of {operation} has another format: {before} became {after}.", "Where the API sends other values now, try a flow that uses them."),
    Row("response-array-object-swap", _BREAKING, "BRB-B-", _RUN, "{name} of {operation} was {before} and is {after}: loops and expressions over it fail.", _V2),
    Row("response-schema-removed", _BREAKING, "R-B-R-", _EDIT, "{operation} no longer says what it gives: its outputs are gone.", "Put the schema of the answer back."),
    Row("response-schema-added", _COMPATIBLE, "--D---", _NEW, "{operation} says what it gives now.", _NOTHING),
    Row("response-primary-changed", _COMPATIBLE, "------", _NEVER, "{operation} answers with another status: {before} became {after}.", _NOTHING),
    Row("response-other-changed", _COMPATIBLE, "------", _NEVER, "Answers of {operation} that carry no outputs changed: {after}.", _NOTHING),
    Row("response-enum-changed", _COMPATIBLE, "R---R-", _RUN, "{name} of {operation} has other values: {before} became {after}.", "Flows that branch on the value may need one branch more."),
    Row("response-field-required-changed", _COMPATIBLE, "------", _NEVER, "Whether {name} of {operation} is always there changed: {before} became {after}.", _NOTHING),
    Row("response-visibility-changed", _COMPATIBLE, "L-L-L-", _EDIT, "{name} of {operation} moved in the list of outputs: {before} became {after}. What uses it goes on.", _NOTHING),
    Row("response-constraint-changed", _COMPATIBLE, "------", _NEVER, "The limits of {name} of {operation} changed: {before} became {after}.", _NOTHING),
    Row("response-default-changed", _COMPATIBLE, "------", _NEVER, "The default of {name} of {operation} changed: {before} became {after}.", _NOTHING),
    Row("response-header-changed", _COMPATIBLE, "R---R-", _RUN, "The headers that {operation} answers with changed: {before} became {after}.", "Go on sending the headers that flows read."),

    Row("inheritance-cut", _BREAKING, "RRRRR-", _RUN, "{operation} leads to schemas that take in or meet too many others: what changed further down cannot be told.", "Let them take in fewer, or accept it on purpose once somebody has looked."),

    # Texts
    Row("label-changed", _COMPATIBLE, "L-L-LL", _EDIT, "{name} of {operation} has another label: {before} became {after}.", _NOTHING),
    Row("description-changed", _COMPATIBLE, "L-L-LL", _EDIT, "{name} of {operation} is described in other words.", _NOTHING),
    Row("agent-text-changed", _COMPATIBLE, "-----L", _EDIT, "What agents read about {operation} ({name}) changed: {before} became {after}.", "Agents choose tools by these texts: try the ones that use it."),
    Row("detail-changed", _COMPATIBLE, "------", _EDIT, "{name} of {operation}: details changed ({after}).", _NOTHING),

    # Sign-in
    Row("auth-type-changed", _BREAKING, "BB-BB-", _NOW, "The connector signs in in another way: {before} became {after}. Every connection has to be made again.", "Publish a second connector beside this one, or offer both ways (`connectionParameterSets`)."),
    Row("auth-added", _COMPATIBLE, "------", _NEW, "The definition names another way to sign in: {after}.", _NOTHING),
    Row("auth-definition-removed", _COMPATIBLE, "---R--", _NEW, "The definition no longer says how to sign in ({before}); the connection parameters decide.", "Make sure that the connector's properties still ask for what is needed."),
    Row("auth-parameter-changed", _BREAKING, "BB-BB-", _NOW, "The key that connections send goes to another place: {before} became {after}.", "Let the API take the key at both places."),
    Row("auth-parameter-required-added", _BREAKING, "BB-BB-", _NOW, "Connections must give {name} now; those that exist do not have it.", "Make it optional, or publish a second connector."),
    Row("auth-parameter-optional-added", _COMPATIBLE, "------", _NEW, "Connections can give {name} now.", _NOTHING),
    Row("auth-parameter-removed", _COMPATIBLE, "---R--", _NEW, "Connections are no longer asked for {name}.", "Make a new connection, and see that it works without it."),
    Row("auth-url-changed", _COMPATIBLE, "R-RRR-", _NOW, "The addresses or settings of the sign-in changed: {before} became {after}.", "Try an existing connection; people may have to sign in again."),
    Row("auth-scope-changed", _COMPATIBLE, "R-RRR-", _NOW, "Other permissions are asked for at sign-in: {before} became {after}.", "People may have to consent again."),
    Row("auth-detail-changed", _COMPATIBLE, "---L--", _NEW, "Details of the sign-in changed ({name}).", _NOTHING),
    Row("security-requirement-changed", _COMPATIBLE, "------", _NEVER, "The list of required sign-ins changed: {before} became {after}.", _NOTHING),

    # The connector as a whole
    Row("host-changed", _COMPATIBLE, "RRRRR-", _NOW, "The API is called at another host: {before} became {after}.", "Everybody's calls go there from the moment the connector is updated: make sure that it answers."),
    Row("base-path-changed", _COMPATIBLE, "RR--R-", _NOW, "All operations are called below another path: {before} became {after}.", "Everybody's calls go there from the moment the connector is updated: make sure that it answers."),
    Row("https-removed", _BREAKING, "BBB-B-", _NOW, "The API is no longer called through https: {before} became {after}.", "Put `https` back; the platform calls nothing else."),
    Row("schemes-changed", _COMPATIBLE, "------", _NOW, "The list of schemes changed: {before} became {after}.", _NOTHING),
    Row("test-connection-missing", _COMPATIBLE, "---B--", _NEW, "New connections are tested with {after}, which does not exist.", "Name an operation of this definition in `x-ms-capabilities`."),
    Row("test-connection-changed", _COMPATIBLE, "---R--", _NEW, "New connections are tested with another operation: {before} became {after}.", "Make a new connection, and see that it passes."),
    Row("capabilities-changed", _COMPATIBLE, "R--RR-", _NEW, "What the connector says it can do (`x-ms-capabilities`) changed: {before} became {after}.", "Make a new connection, and try large files if you use them."),
    Row("title-changed", _COMPATIBLE, "L-R-L-", _NEW, "The connector's title changed: {before} became {after}.", "Apps that add it again get a data source with the new name: their formulas must follow."),
    Row("connector-description-changed", _COMPATIBLE, "L-L-LL", _NEVER, "The connector is described in other words.", _NOTHING),
    Row("info-changed", _COMPATIBLE, "------", _NEVER, "Facts about the connector changed ({name}): {before} became {after}.", _NOTHING),
    Row("gateway-required", _BREAKING, "BB-BB-", _NOW, "The connector is reached through an on-premises gateway now; existing connections have none.", "Publish it as a second connector."),
    Row("policy-changed", _COMPATIBLE, "RRRRR-", _NOW, "Policies of the connector changed: {after}. What they do to calls cannot be judged here.", "Try the operations that they work on."),
    Row("script-changed", _COMPATIBLE, "RRR-R-", _NOW, "The connector's script changed. What it does to calls cannot be judged here.", "Try the operations that it works on."),
    Row("icon-changed", _COMPATIBLE, "L-L-L-", _NEVER, "The icon changed.", _NOTHING),
    Row("brand-color-changed", _COMPATIBLE, "L-L-L-", _NEVER, "The colour behind the icon changed: {before} became {after}.", _NOTHING),
    Row("property-changed", _COMPATIBLE, "------", _NEW, "The connector's properties changed ({name}): {after}.", _NOTHING),
    Row("metadata-changed", _COMPATIBLE, "------", _NEVER, "{name} changed; it says something about the connector, not to makers.", _NOTHING),
    Row("extension-changed", _COMPATIBLE, "------", _NEVER, "{name} changed: {after}.", _NOTHING),
    Row("written-differently", _COMPATIBLE, "------", _NEVER, "The connector is written differently, and means the same to makers.", _NOTHING),
)
# fmt: on

BY_ID = {row.id: row for row in ROWS}
