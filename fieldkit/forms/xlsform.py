"""Compiles an XLSForm into the compact definition the program reads. Development only: alone imports pyxform.

`python -m fieldkit.forms.xlsform` (or `make form`) compiles `incident.md` to `incident.json` beside it.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pyxform.xls2xform import convert

from fieldkit.forms.definition import HIDDEN, FormError, Kind
from fieldkit.forms.loading import FORMAT, load_form

_LANGUAGE = re.compile(r".+\(([A-Za-z-]+)\)")
_KINDS = {
    "text": Kind.TEXT,
    "integer": Kind.INTEGER,
    "select one": Kind.ONE,
    "select all that apply": Kind.MANY,
    "calculate": Kind.TEXT,
}
_AS = {
    "text": {Kind.DATE, Kind.RANGE, Kind.CODE, Kind.CODES, Kind.LINKS, Kind.SHA256},
    "decimal": {Kind.LAT, Kind.LON},
    "calculate": {Kind.INTEGER},
}

_CHOICE_ENTRIES = {"name", "label", "mt", "media", "sms_option"}
"""What is no column for filters."""


def compile_form(source: Path) -> bytes:
    """The compact definition of an XLSForm, checked by pyxform and then by our own loader.

    Raises FormError for what our definition cannot hold, pyxform's own errors for what is no XLSForm.
    """
    result = convert(source, form_name=source.stem)
    if result.warnings:
        raise FormError(f"pyxform warns about {source.name}: {'; '.join(result.warnings)}")
    survey: dict[str, Any] = result._pyxform or {}
    children = [_node(child) for child in survey["children"] if child["name"] != "meta"]
    choices = {name: [_choice(entry) for entry in entries] for name, entries in survey["choices"].items()}
    definition = {
        "format": FORMAT,
        "id": survey["id_string"],
        "version": int(survey["version"]),
        "title": survey["title"],
        "language": _tag(survey["default_language"]),
        "languages": sorted({language for child in children for language in child["label"]}),
        "children": children,
        "choices": choices,
    }
    compiled = "".join(_lines(definition)).encode("utf-8")
    load_form(compiled)
    return compiled


def main(folder: Path = Path(__file__).parent) -> int:
    """Writes `incident.json` anew beside its source."""
    compiled = compile_form(folder / "incident.md")
    (folder / "incident.json").write_bytes(compiled)
    sys.stderr.write(f"incident.json: {len(compiled)} bytes\n")
    return 0


def _node(node: dict[str, Any]) -> dict[str, Any]:
    bind = node.get("bind", {})
    called = _words(node["label"]) if "label" in node else {}
    entry: dict[str, Any] = {"kind": _kind(node), "name": node["name"], "label": called}
    if node["type"] == "calculate" and not called:
        entry |= {"label": {"en": node["name"]}, "appearance": HIDDEN}
    if "hint" in node:
        entry["hint"] = _words(node["hint"])
    if "relevant" in bind:
        entry["relevant"] = bind["relevant"]
    if node["type"] in ("group", "repeat"):
        entry["children"] = [_node(child) for child in node["children"]]
        if node["type"] == "repeat":
            entry["key"] = node["children"][0]["name"]
        return entry
    return entry | _asked(node, bind)


def _asked(node: dict[str, Any], bind: dict[str, Any]) -> dict[str, Any]:
    """What only a question has."""
    entry: dict[str, Any] = {"lane": node.get("lane", "")}
    if bind.get("required") in ("yes", "true()"):
        entry["required"] = True
    if "jr:requiredMsg" in bind:
        entry["required_message"] = _words(bind["jr:requiredMsg"])
    if "constraint" in bind:
        entry["constraint"] = bind["constraint"]
        entry["constraint_message"] = _words(bind["jr:constraintMsg"])
    optional = {
        "calculation": bind.get("calculate"),
        "default": node.get("default"),
        "choices": node.get("list_name"),
        "choice_filter": node.get("choice_filter"),
        "appearance": node.get("control", {}).get("appearance"),
        "tells": node.get("tells"),
    }
    return entry | {name: value for name, value in optional.items() if value}


def _kind(node: dict[str, Any]) -> str:
    kind, read_as = node["type"], node.get("as")
    if kind in ("group", "repeat"):
        return str(kind)
    if read_as in _AS.get(kind, ()):
        return str(read_as)
    if read_as is None and kind in _KINDS:
        return str(_KINDS[kind])
    raise FormError(f"{node['name']}: no way to read type {kind!r} as {read_as or 'it stands'!r}")


def _choice(entry: dict[str, Any]) -> dict[str, Any]:
    choice = {"code": entry["name"], "label": _words(entry["label"])}
    columns = {name: str(value) for name, value in entry.items() if name not in _CHOICE_ENTRIES}
    return (
        choice
        | ({"columns": columns} if columns else {})
        | ({"thesaurus": entry["mt"]} if "mt" in entry else {})
    )


def _words(words: object) -> dict[str, str]:
    if not isinstance(words, dict):
        raise FormError(f"words come by language, as in label::English (en); got {words!r:.60}")
    return {_tag(language): str(text) for language, text in words.items()}


def _tag(language: str) -> str:
    found = _LANGUAGE.fullmatch(language)
    if found is None:
        raise FormError(f"a language is written like 'English (en)', got {language!r}")
    return found[1]


def _lines(definition: dict[str, Any]) -> Iterator[str]:
    """JSON with one question or choice a line, so that a change shows as a change of that line."""
    yield "{\n"
    for name, value in definition.items():
        if name == "children":
            yield f'"children": [\n{_listed(value, "")}\n],\n'
        elif name == "choices":
            lists = ",\n".join(
                f"{_plain(key)}: [\n{_listed(entries, '  ')}\n]" for key, entries in value.items()
            )
            yield f'"choices": {{\n{lists}\n}}\n'
        else:
            yield f"{_plain(name)}: {_plain(value)},\n"
    yield "}\n"


def _listed(nodes: list[dict[str, Any]], indent: str) -> str:
    return ",\n".join(_one(node, indent) for node in nodes)


def _one(node: dict[str, Any], indent: str) -> str:
    if "children" not in node:
        return indent + _plain(node)
    head = {name: value for name, value in node.items() if name != "children"}
    inner = _listed(node["children"], indent + "  ")
    return f'{indent}{_plain(head)[:-1]}, "children": [\n{inner}\n{indent}]}}'


def _plain(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    raise SystemExit(main())
