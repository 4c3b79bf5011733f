"""What can be wrong with a file before it is a definition: one row per rule, and how a row becomes a finding."""

from typing import NamedTuple

from exporter.model.findings import Finding, Severity
from exporter.model.pointers import Pointer

MOST_FINDINGS = 200
"""Per file; whoever has more wrong than this is better served by the first ones."""

_LONGEST_DETAIL = 100


class Problem(NamedTuple):
    """How bad it is, and what to say; `{}` in the message is what was found."""

    severity: Severity
    message: str
    advice: str


class Stopped(Exception):
    """The file cannot be read any further; the finding says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTICE

# fmt: off
PROBLEMS = {
    "file-empty": Problem(_E, "The file is empty.", "Put an OpenAPI definition into it, or name another file."),
    "file-too-large": Problem(_E, "The file has {} bytes, more than we read.", "Name a definition of at most 50 MB; Power Platform takes far less."),
    "file-not-text": Problem(_E, "The file is not text{}.", "Name an OpenAPI definition in JSON or YAML, in UTF-8."),
    "file-not-utf-8": Problem(_W, "The file is not UTF-8; it is read as Windows-1252.", "Save the file as UTF-8, and check letters with accents."),
    "nested-too-deep": Problem(_E, "Values are nested deeper than {} levels.", "Give the inner objects names of their own and refer to them with $ref."),
    "not-an-object": Problem(_E, "The file holds {} where an OpenAPI definition is an object.", "Name the definition itself; it starts with `openapi` or `swagger`."),
    "version-missing": Problem(_E, "Neither `swagger` nor `openapi` says which version of OpenAPI this is.", 'Add `swagger: "2.0"` or `openapi: "3.0.3"` at the top, or name another file.'),
    "version-not-supported": Problem(_E, "OpenAPI version {} is not one that we read.", "Use Swagger 2.0, OpenAPI 3.0 or OpenAPI 3.1."),
    "version-not-text": Problem(_W, "The version of OpenAPI is a number; it is read as the text {}.", "Put it in quotation marks."),
    "paths-missing": Problem(_E, "The definition has no paths, so there is nothing that a connector could offer.", "Add at least one operation under `paths`."),

    "duplicate-key": Problem(_W, "The key {} is there more than once in this object; the last one counts.", "Keep one of them."),
    "number-not-finite": Problem(_W, "{} is not a number that JSON can hold; it is read as text.", "Write a finite number, or leave it out."),
    "character-broken": Problem(_W, "The text holds half a character (a lone surrogate); it is replaced.", "Write the character itself."),

    "json-broken": Problem(_E, "The JSON cannot be read: {}.", "Correct the file here; an editor that knows JSON shows the place."),
    "json-trailing-comma": Problem(_W, "There is a comma with nothing behind it.", "Remove the comma; other readers refuse the file."),
    "json-comma-missing": Problem(_W, "A comma is missing before this value.", "Add the comma; other readers refuse the file."),
    "json-comment": Problem(_W, "JSON has no comments; it is skipped.", "Remove the comment; other readers refuse the file."),
    "json-control-character": Problem(_W, "A text holds a line break or another control character as it is.", "Write it as an escape, such as \\n."),
    "json-extra-data": Problem(_W, "There are closing brackets behind the end of the definition; they are skipped.", "Remove them; other readers refuse the file."),

    "reference-nowhere": Problem(_E, "The reference {} leads nowhere.", "Correct it, or add what it should lead to."),
    "reference-in-circles": Problem(_E, "The reference {} leads back to itself.", "Let it lead to something that is no reference."),
    "reference-file-missing": Problem(_E, "The reference {} leads to a file that cannot be read.", "Correct the path; it is relative to the file that it stands in."),
    "reference-file-unreadable": Problem(_E, "The reference {} leads to a file that is neither JSON nor YAML that we can read.", "See what is said about that file."),
    "reference-leaves-workspace": Problem(_E, "The reference {} leads out of the workspace; it is not followed.", "Copy what it leads to into the repository."),
    "reference-to-network": Problem(_E, "The reference {} leads to the network; it is not followed.", "Copy what it leads to into the repository, and refer to the copy; or name its host in the input `allow-references`."),
    "reference-with-query": Problem(_E, "The reference {} has a query; it is not followed.", "Refer to an address without `?`, or copy what it leads to into the repository."),
    "reference-not-fetched": Problem(_E, "The reference {}", "Correct the address, or copy what it leads to into the repository."),
    "reference-scheme": Problem(_E, "The reference {} is not a path; it is not followed.", "Write the path of a file in the repository, relative to this one."),
    "references-too-many": Problem(_E, "Joined across its files the definition grows beyond {} objects and lists.", "Refer to less that is no schema, parameter or response: those are joined once, anything else every time."),

    "yaml-broken": Problem(_E, "The YAML cannot be read: {}.", "Correct the file here; look at indentation and quotation marks of the lines above, too."),
    "yaml-several-documents": Problem(_E, "The file holds more than one YAML document.", "Keep one definition per file; `---` starts another document."),
    "yaml-alias-unknown": Problem(_E, "The alias *{} names nothing that stands before it.", "Write the anchor before the alias, and not around it."),
    "yaml-aliases-too-many": Problem(_E, "The aliases make a document of more than {} values.", "Use fewer aliases; name repeated parts and refer to them with $ref."),
    "yaml-key-not-text": Problem(_E, "A key is a list or an object.", "Write the key as text."),
    "yaml-tag": Problem(_W, "The tag {} means nothing in OpenAPI; the value is read as it is written.", "Remove the tag."),
    "yaml-info-not-text": Problem(_N, "In `info`, {}, which is no text in YAML; it is read as the text that it looks like.", "Put it in quotation marks."),
    "yaml-merge": Problem(_W, "`<<` takes an object or a list of objects; it is left out here.", "Let it point to an object, or write the key in quotation marks."),
}
# fmt: on


def shown(text: str) -> str:
    r"""
    Show a text of the author's in a message: on one line, and no longer than helps.

    >>> shown("a\nb")
    '`a b`'
    """
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: _LONGEST_DETAIL * 2]).split())
    return f"`{line[:_LONGEST_DETAIL]}...`" if len(line) > _LONGEST_DETAIL else f"`{line}`"


def rest(rule: str, times: int, file: str) -> Finding:
    """Say how many more times a rule of this table is broken than is listed."""
    return more(Notes(file).finding(rule), times)


def more(listed: Finding, times: int) -> Finding:
    """Say how many more findings there are of the kind of one that is listed."""
    where = f" in {shown(listed.file)}" if listed.file else ""
    message = f"There {'are' if times > 1 else 'is'} {times:,} more of this kind{where}, not listed."
    return listed._replace(pointer=(), message=message, line=0, column=0, times=times)


class Notes:
    """Collects what is wrong with one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []
        self._more: dict[str, int] = {}

    def finding(self, rule: str, line: int = 0, column: int = 0, detail: str = "", at: Pointer = ()) -> Finding:
        """Make a finding of a rule and a place."""
        severity, message, advice = PROBLEMS[rule]
        return Finding(rule, severity, at, message.format(detail), advice, self.file, line, column)

    @property
    def full(self) -> bool:
        """Tell whether nothing more is remembered."""
        return len(self.findings) >= MOST_FINDINGS

    def add(self, rule: str, line: int = 0, column: int = 0, detail: str = "") -> None:
        """Remember something that we can read all the same; beyond MOST_FINDINGS it is counted."""
        if self.full:
            self.count(rule)
        else:
            self.findings.append(self.finding(rule, line, column, detail))

    def count(self, rule: str, times: int = 1) -> None:
        """Remember that a rule is broken so many times more than is listed."""
        self._more[rule] = self._more.get(rule, 0) + times

    def told(self) -> tuple[Finding, ...]:
        """Give all findings, and for each rule how many more there are than these."""
        return (*self.findings, *(rest(rule, times, self.file) for rule, times in self._more.items()))

    def stop(self, rule: str, line: int = 0, column: int = 0, detail: str = "") -> Stopped:
        """Give the error to raise where we cannot go on."""
        return Stopped(self.finding(rule, line, column, detail))
