"""The tool that keeps the messages of the screens, and the state in which it finds them."""

from __future__ import annotations

from pathlib import Path

import polib
import pytest

from tools import translations


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A source tree of its own, with nothing said in it yet."""
    source = tmp_path / "punte"
    (source / "templates").mkdir(parents=True)
    for language in translations.PLURALS:
        (source / "locale" / language / "LC_MESSAGES").mkdir(parents=True)
    (source / "locale" / "same.txt").write_text("MQL\n", encoding="utf-8")
    monkeypatch.setattr(translations, "SOURCE", source)
    monkeypatch.setattr(translations, "LOCALE", source / "locale")
    monkeypatch.setattr(translations, "SAME_IN_ROMANIAN", source / "locale" / "same.txt")
    return source


def say(workshop: Path, template: str, python: str = "") -> None:
    (workshop / "templates" / "page.html").write_text("{% load i18n %}" + template, encoding="utf-8")
    (workshop / "said.py").write_text(python, encoding="utf-8")


def translate(workshop: Path, **texts: str) -> None:
    """Fill the Romanian catalogue: what is not named stays empty."""
    path = workshop / "locale" / "ro" / "LC_MESSAGES" / "django.po"
    catalogue = polib.pofile(str(path))
    for entry in catalogue:
        entry.msgstr = texts.get(entry.msgid, entry.msgstr)
    catalogue.save(str(path))
    translations.compile_catalogues()


def test_the_catalogues_are_whole() -> None:
    assert translations.complaints() == []


def test_messages_are_found_in_templates_and_in_python(workshop: Path) -> None:
    say(
        workshop,
        '{% translate "Save" %}{% translate "May" context "month" %}'
        "{% blocktranslate count n=n %}{{ n }} lead{% plural %}{{ n }} leads{% endblocktranslate %}",
        'gettext("Saved")\nself.say("other")\nngettext("%(n)s day", "%(n)s days", n)\nprint("not a message")\n',
    )
    assert set(translations.found_messages()) == {
        (None, "Save", None),
        (None, "%(n)s lead", "%(n)s leads"),
        ("month", "May", None),
        (None, "Saved", None),
        (None, "other", None),
        (None, "%(n)s day", "%(n)s days"),
    }


def test_extracting_keeps_what_was_translated_and_drops_what_is_gone(workshop: Path) -> None:
    say(workshop, '{% translate "Save" %}{% translate "Old" %}')
    translations.extract()
    translate(workshop, Save="Salvează", Old="Vechi")
    say(workshop, '{% translate "Save" %}{% translate "New" %}')
    translations.extract()
    kept = polib.pofile(str(workshop / "locale" / "ro" / "LC_MESSAGES" / "django.po"))
    assert {entry.msgid: entry.msgstr for entry in kept} == {"New": "", "Save": "Salvează"}


@pytest.mark.parametrize(
    ("romanian", "complaint"),
    [
        ("", "ro: empty: 'Save'"),
        ("Save", "ro: the same as in English: 'Save'"),
        ("Salveaz\u0103 \u015fi iese", "ro: a cedilla where a comma belongs: 'Save'"),
        ("Salvează %(name)s", "ro: a slot that the message does not have: 'Save'"),
    ],
)
def test_a_translation_that_is_none_is_named(workshop: Path, romanian: str, complaint: str) -> None:
    say(workshop, '{% translate "Save" %}')
    translations.extract()
    translate(workshop, Save=romanian)
    assert complaint in translations.complaints()


def test_a_message_that_reads_the_same_is_allowed_by_name(workshop: Path) -> None:
    say(workshop, '{% translate "MQL" %}')
    translations.extract()
    translate(workshop, MQL="MQL")
    assert translations.complaints() == []


def test_a_lost_slot_is_named(workshop: Path) -> None:
    say(workshop, "{% blocktranslate %}as of {{ day }}{% endblocktranslate %}")
    translations.extract()
    translate(workshop, **{"as of %(day)s": "la data"})
    assert translations.complaints() == ["ro: a slot is missing: 'as of %(day)s'"]


def test_a_catalogue_that_was_not_compiled_is_named(workshop: Path) -> None:
    say(workshop, '{% translate "Save" %}')
    translations.extract()
    translate(workshop, Save="Salvează")
    path = workshop / "locale" / "ro" / "LC_MESSAGES" / "django.po"
    path.write_text(path.read_text(encoding="utf-8").replace("Salvează", "Păstrează"), encoding="utf-8")
    assert translations.complaints() == ["ro: the .mo file is not the .po file compiled"]


def test_a_message_said_since_the_last_extraction_is_named(workshop: Path) -> None:
    say(workshop, '{% translate "MQL" %}')
    translations.extract()
    translate(workshop, MQL="MQL")
    say(workshop, '{% translate "MQL" %}{% translate "Fresh" %}')
    assert translations.complaints() == ["en: not in the catalogue: 'Fresh'", "ro: not in the catalogue: 'Fresh'"]


def test_romanian_plurals_take_de_from_twenty_on() -> None:
    import gettext

    form = gettext.c2py(translations.PLURALS["ro"].split("plural=")[1].rstrip(";"))  # type: ignore[attr-defined]
    assert [form(n) for n in (0, 1, 2, 19, 20, 21, 99, 100, 101, 119, 120)] == [1, 0, 1, 1, 2, 2, 2, 2, 1, 1, 2]
