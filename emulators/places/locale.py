"""Owns the language and country that a request asks in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from emulators.places.errors import invalid

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_REGION = re.compile(r"[A-Za-z]{2}")


@dataclass(frozen=True, slots=True)
class Locale:
    """`language` is the language alone (pt of pt-BR); `region` is upper case or ""."""

    language: str
    region: str

    def name(self, names: Mapping[str, str]) -> tuple[str, str]:
        """A name in the language asked for, else in English, with the language it is in."""
        language = self.language if self.language in names else "en"
        return names[language], language


def read(language_code: str, region_code: str) -> Locale:
    """The locale of a request. Raises PlacesError 400 for what cannot be a code."""
    if language_code and not _LANGUAGE.fullmatch(language_code):
        raise invalid(f"Invalid language_code: {language_code}.", "language_code")
    if region_code and not _REGION.fullmatch(region_code):
        raise invalid(f"Invalid region_code: {region_code}.", "region_code")
    return Locale(re.split("[-_]", language_code or "en")[0].lower(), region_code.upper())
