"""How hard a text is to read, and where the product keeps what it says."""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pyphen
from django.conf import settings

TEMPLATES = settings.BASE_DIR / "templates"
MARKED = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
SHORTEST = 6  # words: labels and headings are no sentences
TRANSLATE = re.compile(r'{% *translate "((?:[^"\\]|\\.)*)"|_\("((?:[^"\\]|\\.)*)"\)')
BLOCK = re.compile(r"{% *blocktranslate([^%]*)%}(.*?){% *endblocktranslate *%}", re.S)
PLURAL = re.compile(r"{% *plural *%}")
OTHERS = re.compile(r'{% *(?:extends|include) "([^"]+)"')
PLACE = re.compile(r"{{ *\w+ *}}|%\(\w+\)[sd]|%[sd]|{\w*}")


@cache
def hyphenator(language: str) -> pyphen.Pyphen:
    return pyphen.Pyphen(lang=language, left=1, right=1)


def measured(sentences: Iterable[str], language: str) -> tuple[float, float]:
    """Words per sentence and syllables per word."""
    parts = [part for sentence in sentences for part in ends_of(sentence)]
    words = [word for part in parts for word in words_of(part)]
    pieces = hyphenator(language)
    syllables = sum(len(pieces.inserted(word.lower()).split("-")) for word in words)
    return len(words) / len(parts), syllables / len(words)


def words_of(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*", text)


def ends_of(text: str) -> list[str]:
    """The sentences of a text."""
    return [part for part in re.split(r"[.!?:]+(?:\s|$)", text) if re.search(r"\w", part)]


def grade(sentences: Iterable[str]) -> float:
    """Flesch-Kincaid: the year of school in which one can read this English."""
    per_sentence, per_word = measured(sentences, "en_US")
    return 0.39 * per_sentence + 11.8 * per_word - 15.59


def ease(sentences: Iterable[str]) -> float:
    """Fernández-Huerta: the higher, the easier this Spanish is; 70 is school year 7."""
    per_sentence, per_word = measured(sentences, "es")
    return 206.84 - 60 * per_word - 1.02 * per_sentence


def spoken(message: str) -> str:
    """A message as it is read, with a short word in each of its places."""
    return " ".join(PLACE.sub("Ada", message).split())


def whole(messages: Iterable[str]) -> list[str]:
    """The messages that are sentences; a label is no sentence."""
    return [one for one in messages if len(words_of(spoken(one))) >= SHORTEST]


def said_by_template(name: str) -> list[str]:
    """Every message of one template, with its plural."""
    text = (TEMPLATES / name).read_text()
    found = [(one[1] or one[2]).replace('\\"', '"') for one in TRANSLATE.finditer(text)]
    for options, body in BLOCK.findall(text):
        for part in PLURAL.split(body):
            found.append(catalogued(part, trimmed="trimmed" in options))
    return found


def catalogued(body: str, *, trimmed: bool) -> str:
    """As the catalog has it."""
    text = re.sub(r"{{ *(\w+) *}}", r"%(\1)s", body)
    return " ".join(line.strip() for line in text.strip().splitlines()) if trimmed else text


def with_included(names: Iterable[str]) -> set[str]:
    """These templates and all that they extend or include."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in found or not (TEMPLATES / name).exists():
            continue
        found.add(name)
        waiting += OTHERS.findall((TEMPLATES / name).read_text())
    return found


def said_by_module(path: Path) -> list[str]:
    """Every marked message of one module."""
    return [text for node in ast.walk(ast.parse(path.read_text())) for text in _marked(node)]


def _marked(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKED:
        for argument in node.args:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield argument.value
