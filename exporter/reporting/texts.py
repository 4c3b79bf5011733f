"""A table of texts for people: one language, every sentence by its key."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from exporter.reporting.escaping import html_prose, plain

_LONGEST = 2000


@cache
def _html_prose(text: str) -> str:
    """Give one of the texts themselves as HTML; the same few words stand at each operation and field."""
    return html_prose(text, _LONGEST)


class Texts(NamedTuple):
    """The texts of one language; a translation is a table with the same keys and the same `{names}` in each text."""

    language: str
    """As HTML has it (BCP 47): `en`."""
    table: Mapping[str, str]

    def say(self, key: str, **values: str) -> str:
        """Give a text; names of files, buttons and values stand between backticks, values are cut to what can be read."""
        text = self.table[key]
        return text.format_map({name: plain(value, _LONGEST) for name, value in values.items()}) if values else text

    def html(self, key: str, **values: str) -> str:
        """Give a text as HTML."""
        told = self.say(key, **values)
        return html_prose(told, _LONGEST) if values else _html_prose(told)

    def counted(self, key: str, number: int) -> str:
        """Say how many there are: the text `<key>-one` for one, and `<key>-many` for all other numbers."""
        return self.say(f"{key}-{'one' if number == 1 else 'many'}", number=str(number))

    def listed(self, names: Iterable[str], last: str = "and") -> str:
        """Join names as a sentence does; `last` is `and` or `or`."""
        *firsts, final = [*names] or [""]
        return f"{', '.join(firsts)} {self.table[f'list-{last}']} {final}" if firsts else final

    @property
    def english(self) -> str:
        """Give the attribute that marks what stays English in a translation: messages about changes and losses."""
        return "" if self.language == "en" else ' lang="en"'
