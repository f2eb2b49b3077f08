"""Templates of notices from files: `fr/port-planned.v1.yaml`; every fault with its file.

A version that was ever sent stays beside the newer ones, so that its text can be made again.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import yaml
from pydantic import ValidationError

from domain.notice_texts import NoticeTemplate, TemplateFaultError, faults_of
from domain.notices import NoticePurpose
from domain.said import Language

_FILE = re.compile(r"(?P<purpose>[a-z-]+)\.v(?P<version>[1-9][0-9]*)\.yaml")
NAMES = "names.yaml"


@dataclass(frozen=True, kw_only=True)
class Templates:
    """Every template there is, and what each provider calls itself."""

    kept: Mapping[tuple[NoticePurpose, Language, int], NoticeTemplate]
    names: Mapping[str, str]

    def newest(self, purpose: NoticePurpose, language: Language) -> NoticeTemplate:
        versions = [key[2] for key in self.kept if key[:2] == (purpose, language)]
        return self.kept[purpose, language, max(versions)]

    def version(
        self, purpose: NoticePurpose, language: Language, version: int
    ) -> NoticeTemplate | None:
        """None when its file was taken away."""
        return self.kept.get((purpose, language, version))

    def name_of(self, provider: str) -> str:
        return self.names.get(provider, provider)


def read_templates(folder: Path) -> Templates:
    """All of them; TemplateFaultError names each fault, and every one that is missing."""
    read = [_read(file, Language(file.parent.name)) for file in _files(folder)]
    kept = {(t.purpose, t.language, t.version): t for t in read}
    missing = [
        f"{language}/{purpose}: no template"
        for language in Language
        for purpose in NoticePurpose
        if not any(key[:2] == (purpose, language) for key in kept)
    ]
    found = Templates(kept=kept, names={})
    faults = [
        f"{template.language}/{template.purpose}.v{template.version}: {fault}"
        for template in read
        for fault in faults_of(
            template, newest=template == found.newest(template.purpose, template.language)
        )
    ]
    if missing or faults:
        raise TemplateFaultError("; ".join((*missing, *faults)))
    return replace(found, names=yaml.safe_load((folder / NAMES).read_text(encoding="utf-8")))


def _files(folder: Path) -> Iterator[Path]:
    for language in Language:
        yield from sorted((folder / language).glob("*.yaml"))


def _read(file: Path, language: Language) -> NoticeTemplate:
    named = _FILE.fullmatch(file.name)
    if named is None:
        raise TemplateFaultError(f"{file}: name it like port-planned.v1.yaml")
    try:
        parts = yaml.safe_load(file.read_text(encoding="utf-8"))
        return NoticeTemplate(language=language, **named.groupdict(), **parts)
    except (ValidationError, TypeError, yaml.YAMLError) as exc:
        raise TemplateFaultError(f"{file}: {exc}") from exc
