"""Keep the messages of the screens whole: ``python tools/translations.py extract | compile | check``.

``extract`` collects the messages of all templates and Python files of src/punte into both catalogues: new ones come in
empty (in English: as they are), vanished ones go. ``compile`` writes the .mo files. ``check`` names everything
that is missing, and exits with 1 if anything is.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
from django.utils.translation.template import templatize

SOURCE = Path(__file__).parents[1] / "src" / "punte"
LOCALE = SOURCE / "web" / "locale"
PLURALS = {
    "en": "nplurals=2; plural=(n != 1);",
    "ro": "nplurals=3; plural=(n==1 ? 0 : (n==0 || (n%100>0 && n%100<20)) ? 1 : 2);",
}
SAME_IN_ROMANIAN = LOCALE / "same_in_romanian.txt"
"""Messages that read the same in both languages, one a line: names, trade words, abbreviations."""

_SINGLE = {"gettext", "gettext_lazy", "gettext_noop", "noop", "say", "_"}
_PLURAL = {"ngettext", "ngettext_lazy"}
_CONTEXT = {"pgettext", "pgettext_lazy"}
_LITERAL = r"""(u?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'))"""
_IN_TEMPLATE = re.compile(rf"\b(n?gettext|pgettext|_)\(\s*{_LITERAL}(?:\s*,\s*{_LITERAL})?")
_CEDILLAS = set("şţŞŢ")

Message = tuple[str | None, str, str | None]
"""Context, singular, plural."""


def found_messages() -> dict[Message, list[str]]:
    """Every message with the files that say it."""
    found: dict[Message, list[str]] = {}
    for path in sorted(SOURCE.rglob("*")):
        name = path.relative_to(SOURCE.parent).as_posix()
        if path.suffix == ".py" and "migrations" not in path.parts:
            messages = list(_in_python(path))
        elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
            messages = list(_in_template(path))
        else:
            continue
        for message in messages:
            files = found.setdefault(message, [])
            if name not in files:
                files.append(name)
    return found


def _in_python(path: Path) -> Iterator[Message]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        yield from _message(name, texts)


def _in_template(path: Path) -> Iterator[Message]:
    for name, *literals in _IN_TEMPLATE.findall(templatize(path.read_text(encoding="utf-8"), origin=str(path))):
        yield from _message(name, [ast.literal_eval(literal) for literal in literals if literal])


def _message(name: str, texts: list[str]) -> Iterator[Message]:
    if name in _SINGLE and texts and texts[0]:
        yield None, texts[0], None
    elif name in _PLURAL and len(texts) >= 2:
        yield None, texts[0], texts[1]
    elif name in _CONTEXT and len(texts) >= 2:
        yield texts[0], texts[1], None


def extract() -> None:
    """Bring both catalogues up to what the sources say, keeping every translation."""
    found = found_messages()
    for language in PLURALS:
        old = {_key(entry): entry for entry in _read(language)}
        fresh = polib.POFile(wrapwidth=0)
        fresh.metadata = _metadata(language)
        for message in sorted(found, key=lambda one: (one[1], one[0] or "", one[2] or "")):
            fresh.append(_entry(message, found[message], old.get(message), language))
        fresh.save(_po(language))
        n_new = sum(1 for message in found if message not in old)
        _say(f"{language}: {len(found)} messages, {n_new} new, {len(old.keys() - found.keys())} gone")


def _entry(message: Message, files: list[str], old: polib.POEntry | None, language: str) -> polib.POEntry:
    context, singular, plural = message
    entry = polib.POEntry(msgid=singular, msgctxt=context, occurrences=[(name, "") for name in files])
    if "%(" in singular or "%(" in (plural or ""):
        entry.flags.append("python-format")
    if plural is None:
        entry.msgstr = old.msgstr if old else singular if language == "en" else ""
        return entry
    entry.msgid_plural = plural
    n_forms = int(PLURALS[language][9])
    english = {0: singular, 1: plural}
    entry.msgstr_plural = (
        old.msgstr_plural if old else english if language == "en" else dict.fromkeys(range(n_forms), "")
    )
    return entry


def _key(entry: polib.POEntry) -> Message:
    return entry.msgctxt, entry.msgid, entry.msgid_plural or None


def _read(language: str) -> polib.POFile:
    return polib.pofile(str(_po(language))) if _po(language).exists() else polib.POFile()


def _po(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def _metadata(language: str) -> dict[str, str]:
    return {
        "Project-Id-Version": "punte",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language],
    }


def compile_catalogues() -> None:
    """Write the .mo file of each catalogue."""
    for language in PLURALS:
        _read(language).save_as_mofile(str(_po(language).with_suffix(".mo")))


def complaints() -> list[str]:
    """Everything that keeps the catalogues from being whole, one sentence each."""
    found = found_messages()
    same = set(SAME_IN_ROMANIAN.read_text(encoding="utf-8").splitlines())
    wrong: list[str] = []
    for language in PLURALS:
        entries = {_key(entry): entry for entry in _read(language)}
        wrong += [f"{language}: not in the catalogue: {message[1]!r}" for message in found if message not in entries]
        wrong += [f"{language}: no longer said anywhere: {key[1]!r}" for key in entries if key not in found]
        for entry in entries.values():
            wrong += [f"{language}: {problem}: {entry.msgid!r}" for problem in _problems(entry, language, same)]
        compiled = {_key(entry): _texts(entry) for entry in polib.mofile(str(_po(language).with_suffix(".mo")))}
        if compiled != {key: _texts(entry) for key, entry in entries.items() if all(_texts(entry))}:
            wrong.append(f"{language}: the .mo file is not the .po file compiled")
    return wrong


def _texts(entry: polib.POEntry) -> list[str]:
    return [text for _, text in sorted(entry.msgstr_plural.items())] if entry.msgid_plural else [entry.msgstr]


def _problems(entry: polib.POEntry, language: str, same: set[str]) -> Iterator[str]:
    texts = _texts(entry)
    if not all(texts):
        yield "empty"
        return
    if entry.fuzzy:
        yield "fuzzy"
    if entry.msgid_plural and len(texts) != int(PLURALS[language][9]):
        yield "not all plural forms"
    if language == "ro" and not entry.msgid_plural and entry.msgstr == entry.msgid and entry.msgid not in same:
        yield "the same as in English"
    if any(_CEDILLAS & set(text) for text in texts):
        yield "a cedilla where a comma belongs"
    slots = [set(re.findall(r"%\(\w+\)[sd]|%%", text)) for text in (entry.msgid_plural or entry.msgid, *texts)]
    if any(slot - slots[0] for slot in slots):
        yield "a slot that the message does not have"
    if texts[-1] and slots[-1] != slots[0]:
        yield "a slot is missing"


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


def main(arguments: list[str]) -> int:
    verbs = {"extract": extract, "compile": compile_catalogues}
    if arguments == ["check"]:
        wrong = complaints()
        _say("\n".join(wrong) or "Both catalogues are whole.")
        return 1 if wrong else 0
    if len(arguments) != 1 or arguments[0] not in verbs:
        _say(__doc__)
        return 2
    verbs[arguments[0]]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
