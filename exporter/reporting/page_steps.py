"""The part of the bundle's page that says what to click, in order, and which other ways there are."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from exporter.model.json_values import as_list, as_text
from exporter.model.plans import Plan
from exporter.reporting.connector_files import DEFINITION_FILE
from exporter.reporting.escaping import html, plain
from exporter.reporting.importing import Field, SignIn, general_fields, left_out, unfilled
from exporter.reporting.page_parts import Parts, bullets
from exporter.reporting.solution import Names, leaves_out_sign_in
from exporter.security.oauth import all_settings, secret_reference
from exporter.settings.clouds import cloud_of
from exporter.settings.settings import DeployerSettings

SOLUTION_FILE = "solution.zip"
_OPERATIONS = 20


class Import(NamedTuple):
    """What there is to import."""

    plan: Plan
    sign_in: SignIn
    names: Names
    """Of the solution."""
    actions: int
    triggers: int
    large: bool
    """Whether the definition is more than the portal takes."""
    deployer: DeployerSettings

    @property
    def is_elsewhere(self) -> bool:
        """Tell whether the portal's wizard has no place for how connections sign in."""
        return self.sign_in.kind in {"several", "elsewhere"}

    def field(self, key: str) -> str:
        """Give the value of a field of the General tab; empty where it has none."""
        return next((field.value for field in general_fields(self.plan.candidate) if field.key == key), "")


def steps(what: Import, parts: Parts) -> str:
    """Give the steps of an import in the portals."""
    taken = _steps_elsewhere if what.is_elsewhere else _steps
    before = parts.paragraph("steps-elsewhere" if what.is_elsewhere else "steps-both")
    told = "".join((*taken(what, parts), *_steps_after(what, parts)))
    return parts.section("steps", f'{before}<ol class="steps">{told}</ol>')


def _steps(what: Import, parts: Parts) -> Iterator[str]:
    connector = what.plan.candidate
    yield parts.step("need", bullets(_needs(what, parts)))
    yield parts.step("open", *_doors(what, parts))
    names = (Field("name", what.plan.name), Field("file", DEFINITION_FILE))
    cases = ("file-new", "file-update", *(["file-large"] if what.large else []))
    yield parts.step("file", *map(parts.paragraph, cases), parts.values(names))
    yield parts.step(
        "general",
        parts.paragraph("general-do" if what.field("host") else "general-host"),
        parts.values(general_fields(connector)),
        parts.paragraph("general-icon") if connector.icon else "",
    )
    how = what.sign_in
    typed = (parts.values(how.fields), _from_the_sheet(what, parts))
    again = parts.paragraph("security-update") if how.kind == "oauth" else ""
    yield parts.step("security", parts.paragraph(f"security-{how.kind}"), *typed, again)
    yield parts.step("definition", parts.paragraph("definition-do", **counts(what, parts)))
    missing = [_left_out(key, what, parts) for key in left_out(connector)]
    if missing:
        yield parts.step("left-out", parts.paragraph("left-out-do"), bullets(missing))
    yield parts.step("save", parts.paragraph("save-do"))


def _steps_elsewhere(what: Import, parts: Parts) -> Iterator[str]:
    """Give the steps where the wizard has no place for the sign-in: what it saves would be without it."""
    names = (Field("name", what.plan.name), *general_fields(what.plan.candidate))
    yield parts.step("need", bullets(_needs(what, parts)))
    yield parts.step("bring", parts.paragraph("bring-do"))
    yield parts.step("open", *_doors(what, parts))
    yield parts.step("compare", parts.paragraph("compare-do", **counts(what, parts)), parts.values(names))


def _steps_after(what: Import, parts: Parts) -> Iterator[str]:
    """Give the steps after the connector is there."""
    if what.sign_in.provider:
        yield parts.step("register", parts.paragraph("register-do"))
    if any(one.get("clientAssertionType") for one in all_settings(what.plan.candidate.properties)):
        yield parts.step("identity", parts.paragraph("identity-do"))
    yield parts.step("test", parts.paragraph("test-do"))


def counts(what: Import, parts: Parts) -> dict[str, str]:
    """Say how many actions and triggers makers see."""
    texts = parts.texts
    return {"actions": texts.counted("actions", what.actions), "triggers": texts.counted("triggers", what.triggers)}


def _needs(what: Import, parts: Parts) -> Iterator[str]:
    yield parts.html("need-folder")
    yield parts.html("need-role")
    if what.sign_in.kind in {"oauth", "several", "elsewhere"}:
        yield parts.html("need-values")
    references = map(secret_reference, all_settings(what.plan.candidate.properties))
    for reference in dict.fromkeys(filter(None, references)):
        yield parts.html("need-variable", reference=reference)
    yield parts.html("need-policy")
    if what.sign_in.provider == "aad":
        yield parts.html("need-consent")


def _doors(what: Import, parts: Parts) -> Iterator[str]:
    texts, deployer = parts.texts, what.deployer
    cloud = cloud_of(deployer.cloud, {})
    if deployer.environment:
        yield parts.paragraph("open-meant", environment=deployer.environment)
    for key, host in (("open-apps", cloud.apps_portal), ("open-automate", cloud.automate_portal)):
        shown = f'<a href="https://{host}/" rel="noreferrer">{host}</a>'
        opens = texts.html("open-do", portal="{portal}").replace("{portal}", shown)
        rows = "".join(f"<li>{row}</li>" for row in (opens, texts.html("open-environment"), texts.html("open-menu")))
        yield f"<h4>{texts.html(key)}</h4><ol>{rows}</ol>"
    yield parts.paragraph("open-both" if deployer.cloud == "public" else "open-cloud")


def _from_the_sheet(what: Import, parts: Parts) -> str:
    if what.sign_in.kind != "oauth":
        return ""
    shown = {field.key for field in what.sign_in.fields}
    typed = (it for it in what.plan.credentials if it.kind not in shown and it.kind != "managed-identity")
    wanted = [f"`{parts.credential(it)}`" for it in typed]
    return parts.paragraph("security-sheet", fields=parts.texts.listed(wanted)) if wanted else ""


def _left_out(key: str, what: Import, parts: Parts) -> str:
    properties = what.plan.candidate.properties
    operations = [f"`{plain(as_text(name))}`" for name in as_list(properties.get("scriptOperations"))[:_OPERATIONS]]
    return parts.html(
        key,
        number=str(len(as_list(properties.get("policyTemplateInstances")))),
        operations=", ".join(operations) or parts.texts.say("left-out-script-all"),
    )


def other_ways(what: Import, parts: Parts) -> str:
    """Give the other ways: a solution, and a terminal."""
    blank = leaves_out_sign_in(what.plan.candidate)
    keys = ["ways-solution-for", "ways-solution-do"]
    if blank:
        keys.append("ways-solution-sign-in" if what.sign_in.kind == "oauth" else "ways-solution-several")
    elif unfilled(what.plan.credentials):
        keys.append("ways-solution-values" if what.is_elsewhere else "ways-solution-typed")
    if "left-out-gateway" in left_out(what.plan.candidate):
        keys.append("ways-solution-gateway")
    keys.append("ways-solution-share")
    names = (
        Field("file", SOLUTION_FILE),
        Field("solution", what.names.title or what.names.solution),
        Field("publisher", what.names.publisher),
    )
    solution = _heading("ways-solution", parts) + "".join(map(parts.paragraph, keys)) + parts.values(names)
    terminal = _heading("ways-terminal", parts) + parts.paragraph("ways-terminal-do")
    return parts.section("ways", parts.paragraph("ways-do") + solution + terminal)


def _heading(key: str, parts: Parts) -> str:
    return f"<h3>{parts.texts.html(key)}</h3>"


def files(names: Sequence[str], parts: Parts) -> str:
    """Say what each file of the bundle is."""
    told = (f"<code>{html(name)}</code>: {parts.texts.html(f'file-{name}')}" for name in names)
    return parts.section("files", bullets(told))
