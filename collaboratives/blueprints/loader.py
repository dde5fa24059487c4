"""Reads blueprint files and refuses a bad one with file, line and reason.

Questions that several programs ask are written once, in library.yaml. A section lists them by
code, followed by R (required) or O (optional): `fields: [organization_name R, ccn O]`. A
mapping with `use: <code>` changes more of a library question; `commitment: <code>` asks for an
acknowledgement of one of the program's commitments in its exact words.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from pydantic import ValidationError

from collaboratives.blueprints.schema import Blueprint

FOLDER = Path(__file__).parent
LIBRARY = FOLDER / "library.yaml"
TRUTHS = {"true": True, "false": False}


class Mark(NamedTuple):
    file: str
    line: int


class BlueprintError(Exception):
    """A blueprint that can't be used. `line` counts from 1."""

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(f"{file}, line {line}: {reason}")
        self.file, self.line, self.reason = file, line, reason


class Map(dict[str, Any]):
    """A mapping that knows where it and its keys stand in the file."""

    mark: Mark
    marks: dict[str, Mark]


class Seq(list[Any]):
    mark: Mark
    marks: list[Mark]


def _map(mark: Mark, pairs: Iterable[tuple[str, Any, Mark]] = ()) -> Map:
    made = Map()
    made.mark, made.marks = mark, {}
    for key, value, at in pairs:
        made[key], made.marks[key] = value, at
    return made


def _seq(mark: Mark, pairs: Iterable[tuple[Any, Mark]] = ()) -> Seq:
    made = Seq()
    made.mark, made.marks = mark, []
    for value, at in pairs:
        made.append(value)
        made.marks.append(at)
    return made


# --- YAML to marked values ---------------------------------------------------------------------


class _PlainLoader(yaml.CSafeLoader):
    """Words stay words: yes, no, on and off are codes here, and a time is not a number."""


_PlainLoader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag.rsplit(":", 1)[-1] == "null"]
    for letter, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def _read(path: Path) -> Any:
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=_PlainLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise BlueprintError(path.name, mark.line + 1 if mark else 1, str(error.problem)) from error
    if node is None:
        raise BlueprintError(path.name, 1, "the file is empty")
    return _value(node, path.name)


def _value(node: yaml.Node, file: str) -> Any:
    mark = Mark(file, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        made = _map(mark)
        for key_node, value_node in node.value:
            at = Mark(file, key_node.start_mark.line + 1)
            key = key_node.value
            if not isinstance(key, str):
                raise BlueprintError(*at, "a key must be a word")
            if key in made:
                raise BlueprintError(*at, f"“{key}” is given twice")
            made[key], made.marks[key] = _value(value_node, file), at
        return made
    if isinstance(node, yaml.SequenceNode):
        return _seq(
            mark,
            ((_value(one, file), Mark(file, one.start_mark.line + 1)) for one in node.value),
        )
    if node.tag.endswith(":null"):
        return None
    if isinstance(node, yaml.ScalarNode) and not node.style:  # not in quotes
        return _plain(node.value)
    return node.value


def _plain(text: str) -> Any:
    if text in TRUTHS:
        return TRUTHS[text]
    for kind in (int, float):
        try:
            number = kind(text)
        except ValueError:
            continue
        if text.lower().strip("+-.0123456789") == "" and not text.startswith("0" * 2):
            return number
    return text


# --- library questions into their sections -------------------------------------------------------


def _mark_of(value: Any, fallback: Mark) -> Mark:
    return getattr(value, "mark", fallback)


def _resolve(raw: Any, library: Map, file: str) -> Any:
    """The blueprint with every reference to the library and to a commitment written out."""
    if not isinstance(raw, Map) or not isinstance(raw.get("form"), Map):
        return raw
    commitments = _by_code(raw.get("commitments"))
    sections = raw["form"].get("sections")
    for index, section in enumerate(sections if isinstance(sections, Seq) else ()):
        if isinstance(section, Map) and "use" in section:
            at = section.marks["use"]
            section = _overlaid(_known(library["sections"], section["use"], at), section)
            sections[index] = section
        if isinstance(section, Map) and isinstance(section.get("fields"), Seq):
            section["fields"] = _fields(section["fields"], library["fields"], commitments)
    if isinstance(raw.get("sessions"), Seq):
        raw["sessions"] = _repeated(raw["sessions"])
    return _lists(raw, library["lists"])


def _repeated(sessions: Seq) -> Seq:
    """A session with `repeat: {days, times}` stands for that many, that far apart."""
    made = _seq(sessions.mark)
    for one, at in zip(sessions, sessions.marks, strict=True):
        if not isinstance(one, Map) or "repeat" not in one:
            made.append(one)
            made.marks.append(at)
            continue
        repeat, first = one.pop("repeat"), one.get("day")
        if not isinstance(repeat, Map) or not all(
            isinstance(number, int) for number in (first, repeat.get("days"), repeat.get("times"))
        ):
            raise BlueprintError(*at, "a repeated session needs day, repeat.days, repeat.times")
        for turn in range(repeat["times"]):
            later = _map(one.mark, ((key, part, one.marks[key]) for key, part in one.items()))
            later |= {"day": first + turn * repeat["days"], "number": turn + 1}
            later.marks["number"] = at
            made.append(later)
            made.marks.append(at)
    return made


def _lists(value: Any, lists: Map) -> Any:
    """`list: <code>` stands for a list of the library, wherever a list is wanted."""
    if isinstance(value, Map):
        if set(value) == {"list"}:
            return _known(lists, value["list"], value.marks["list"])
        return _map(
            value.mark, ((key, _lists(one, lists), value.marks[key]) for key, one in value.items())
        )
    if isinstance(value, Seq):
        return _seq(
            value.mark,
            ((_lists(one, lists), at) for one, at in zip(value, value.marks, strict=True)),
        )
    return value


def _by_code(items: Any) -> dict[str, Map]:
    if not isinstance(items, Seq):
        return {}
    return {str(one.get("code")): one for one in items if isinstance(one, Map)}


def _known(collection: Any, code: Any, at: Mark) -> Any:
    known = _by_code(collection) if isinstance(collection, Seq) else collection
    if code not in known:
        raise BlueprintError(*at, f"“{code}” is not in the library")
    return known[code]


def _fields(listed: Seq, known: Seq, commitments: dict[str, Map]) -> Seq:
    made = _seq(listed.mark)
    for one, at in zip(listed, listed.marks, strict=True):
        if isinstance(one, str):
            code, _, need = one.partition(" ")
            if need not in ("R", "O"):
                raise BlueprintError(*at, f"“{one}”: write the code, then R or O")
            field = _overlaid(_known(known, code, at), _map(at))
            field["required"], field.marks["required"] = need == "R", at
        elif isinstance(one, Map) and "use" in one:
            field = _overlaid(_known(known, one["use"], one.marks["use"]), one)
        elif isinstance(one, Map) and "commitment" in one:
            field = _acknowledged(one, commitments)
        else:
            field = one
        made.append(field)
        made.marks.append(at)
    return made


def _acknowledged(one: Map, commitments: dict[str, Map]) -> Map:
    at = one.marks["commitment"]
    commitment = commitments.get(str(one["commitment"]))
    if commitment is None:
        raise BlueprintError(*at, f"“{one['commitment']}” is not a commitment of this program")
    field = _map(
        one.mark,
        [
            ("code", f"agrees_{commitment['code']}", at),
            ("kind", "acknowledgement", at),
            ("text", commitment.get("text"), commitment.marks.get("text", at)),
            ("required", commitment.get("required", True), at),
        ],
    )
    return _overlaid(field, one)


def _overlaid(base: Map, changes: Map) -> Map:
    """The library's entry with what this program changes. `fields` lists those of its rows."""
    made = _map(base.mark, ((key, value, base.marks[key]) for key, value in base.items()))
    for key, value in changes.items():
        if key in ("use", "commitment"):
            continue
        inner = base.get("fields")
        if key == "fields" and isinstance(value, Seq) and isinstance(inner, Seq):
            value = _fields(value, inner, {})
        made[key], made.marks[key] = value, changes.marks[key]
    if changes.marks:
        made.mark = changes.mark
    return made


# --- checking ----------------------------------------------------------------------------------


def _locate(value: Any, path: Iterable[str | int], mark: Mark) -> Mark:
    """The line of the deepest part of `path` that the file has."""
    for step in path:
        if isinstance(value, Map) and step in value:
            mark, value = value.marks[str(step)], value[str(step)]
            mark = _mark_of(value, mark)
        elif isinstance(value, Seq) and isinstance(step, int) and step < len(value):
            mark, value = value.marks[step], value[step]
        else:
            continue
    return mark


def parse(path: Path, *, library: Path = LIBRARY) -> Blueprint:
    """The blueprint of one file; raises BlueprintError."""
    raw = _resolve(_read(path), _read(library), path.name)
    try:
        return Blueprint.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        inside = first.get("ctx", {}).get("path", [])
        where = [*first["loc"], *inside]
        mark = _locate(raw, where, _mark_of(raw, Mark(path.name, 1)))
        named = ".".join(str(step) for step in where) or "the file"
        raise BlueprintError(*mark, f"{named}: {first['msg']}") from error


def keys() -> list[str]:
    """The keys of the blueprints that ship, in the order of the files' names."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml") if path != LIBRARY)


@cache
def load(key: str) -> Blueprint:
    """The shipped blueprint of this key; raises BlueprintError."""
    path = FOLDER / f"{key}.yaml"
    if key not in keys():
        raise BlueprintError(path.name, 0, "no such blueprint")
    blueprint = parse(path)
    if blueprint.key != key:
        raise BlueprintError(path.name, 1, f"its key is “{blueprint.key}”, not the file's name")
    return blueprint
