"""Names for what is joined into a definition: taken from where it stood, and the same whatever else is joined."""

from __future__ import annotations

import re
from binascii import crc32
from collections import Counter
from collections.abc import Iterable, Mapping

from exporter.model.pointers import Pointer, pointer_text

_unfit = re.compile(r"[^A-Za-z0-9._-]+")
"""What a component's name may not have (OpenAPI 3.0.4, "Components Object")."""


def names(wanted: Iterable[tuple[str, Pointer]], taken: Iterable[str]) -> Mapping[tuple[str, Pointer], str]:
    """
    Give each part of a file, by file and pointer, a name of its own within one section.

    The first choice is the last word of the pointer, or the file's name; where several want the same, all of them
    get the file's name as well, then its path, then all there is: no name depends on an order.

    >>> sorted(names([("a/pets.yaml", ("Pet",)), ("b/old.yaml", ("Pet",)), ("dog.yaml", ())], ["dog"]).values())
    ['Pet_old', 'Pet_pets', 'dog_dog']
    """
    used = set(taken)
    given: dict[tuple[str, Pointer], str] = {}
    waiting = set(wanted)
    for choice in (_short, _with_file, _with_path, _with_all, _certain):
        choices = {one: _unfit.sub("_", choice(*one)) for one in waiting}
        count = Counter(choices.values())
        fits = {one: name for one, name in choices.items() if name not in used and count[name] == 1}
        given |= fits
        used.update(choices.values())
        waiting -= fits.keys()
    return given


def _stem(file: str) -> str:
    name = file.rpartition("/")[2]
    return name.rpartition(".")[0] or name


def _short(file: str, pointer: Pointer) -> str:
    return (pointer[-1] if pointer else "") or _stem(file)


def _with_file(file: str, pointer: Pointer) -> str:
    return f"{_short(file, pointer)}_{_stem(file)}"


def _with_path(file: str, pointer: Pointer) -> str:
    folder, slash, _ = file.rpartition("/")
    return f"{_short(file, pointer)}_{folder}{slash}{_stem(file)}"


def _with_all(file: str, pointer: Pointer) -> str:
    return f"{_short(file, pointer)}_{file}{pointer_text(pointer)}"


def _certain(file: str, pointer: Pointer) -> str:
    return f"{_short(file, pointer)}_{crc32(repr((file, pointer)).encode()):08x}"
