"""How kinds of evidence weigh against each other, for three kinds of questions.

A *topic* ("how are sessions stored", a name) is answered by files, and words, names and paths lead to them. A *report*
tells how a fault shows: it names what its writer sees, which need not be what the code is called, and it is mended in code,
however well a document or a test tells of it. A *statement* ("Returns the value of a header, or the default") tells in other
words what one function does: vectors know more of it, the file hardly matters once it is found, and several of its functions
may be shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.ports import LexicalField
from core.retrieval.question import Question


@dataclass(frozen=True, slots=True)
class Balance:
    """The weights for one kind of question.

    Attributes:
        fields: boosts of the lexical fields.
        dense: weight of vectors against words (1 - dense).
        floor: the quantile of the candidates' cosines that counts as nothing, 0 for none.
        file: how much the other chunks of a file lend to it.
        same_file: what each further chunk of a file is worth against the one shown before it.
        roles: the power of the shares that files of other roles than source have.
        no_function: what a chunk is worth that is no function.
        file_names: whether files gain whose names the question says.
        likeness: what the nearness of a candidate's name to the question adds, for each cosine.
    """

    fields: Mapping[LexicalField, float] = field(default_factory=lambda: dict.fromkeys(LexicalField, 1.0))
    dense: float = 0.3
    floor: float = 0.0
    file: float = 0.2
    same_file: float = 0.5
    roles: float = 1.0
    no_function: float = 1.0
    file_names: bool = True
    likeness: float = 0.0


TOPIC = Balance()
REPORT = Balance(fields={LexicalField.TEXT: 1.0, LexicalField.NAMES: 0.8, LexicalField.PATH: 0.8}, roles=2.0)
STATEMENT = Balance(
    fields={LexicalField.TEXT: 1.0, LexicalField.NAMES: 1.5, LexicalField.PATH: 0.5},
    dense=0.5,
    floor=0.5,
    file=0.05,
    same_file=0.97,
    roles=2.0,
    no_function=0.7,
    file_names=False,
    likeness=0.3,
)


def balance_of(question: Question) -> Balance:
    """The weights for `question`."""
    if question.is_statement:
        return STATEMENT
    return REPORT if question.is_report else TOPIC
