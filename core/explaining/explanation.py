"""`explain`: the chapters put together."""

from __future__ import annotations

from core.diagrams.build_files import project_name
from core.diagrams.source_map import SourceMap
from core.explaining.flows import flows
from core.explaining.glossary import glossary
from core.explaining.overview import overview
from core.explaining.parts import parts
from core.explaining.reading import reading
from core.explaining.repetition import repetition
from core.explaining.survey import Survey
from core.model.explanation import Explanation

VERSION = 2
"""Goes up whenever the document of an unchanged source would change."""


def explain(source: SourceMap) -> Explanation:
    """The onboarding document of a source, from its index alone."""
    survey = Survey(source)
    name = project_name(source) or "this system"
    chapters = (overview(survey, name), reading(survey), parts(survey), flows(survey), repetition(survey), glossary(survey))
    return Explanation(f"{name}, explained", tuple(chapter for chapter in chapters if chapter and chapter.paragraphs))
