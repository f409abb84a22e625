"""Macros of C, C++ and Objective-C that stand where no grammar expects them, blanked before the parse.

What a macro stands for is written in another file; its place tells enough: a word in capitals alone on a line, between
`class` and its name, before or behind what declares a function. Every byte that is blanked becomes a space, so the tree
holds the spans of the text itself. A macro that may be a value, a type or a call stays.
"""

from __future__ import annotations

from indexing.languages.conditionals import without_cuts
from indexing.possessive import re

_ARGUMENTS = rb"\((?:[^()\n;{}]|\([^()\n;{}]*\))*+\)"
_TEMPLATE = rb"<(?:[^;{}()\n<>]|<[^;{}()\n<>]*+>)*+>"
_MACRO = rb"[A-Z][A-Z0-9]*+_[A-Z0-9_]++(?![a-z])"
_WORD = rb"(?:" + _MACRO + rb"|[A-Z][A-Z0-9]{3,}+(?![a-z_]))"

# Each expression begins with a byte or a class of bytes that the engine can look for by itself: that halves its time.
_ALONE = re.compile(rb"\n[ \t]*+(" + _WORD + rb"(?:[ \t]?" + _ARGUMENTS + rb")?+)[ \t]*+\r?$", re.MULTILINE)
_VALUE_BEFORE = b',(=&|+*<?\\-[%^!":'
_VALUE_BEHIND = b'}),=;.+*/&|?:<>[%^"-{('

_CLASS = re.compile(
    rb"\b(?:class|struct|union|enum)(?:[ \t]++(?:class|struct)\b)?"
    rb"((?:\s++(?:" + _WORD + rb"|__declspec|__attribute__|alignas)(?:[ \t]?" + _ARGUMENTS + rb")?+)++)"
    rb"(?=\s++[A-Za-z_][\w:]*+(?:\s*+" + _TEMPLATE + rb")?(?:\s++final)?\s*+(?:\{|:[^:]))"
)
"""`class EXPORTED Name {`."""

_KEYWORDS = (
    rb"virtual|static|inline|constexpr|consteval|const|void|bool|int|char|auto|unsigned|signed|explicit|friend|template"
    rb"|class|struct|enum|extern|long|short|double|float|size_t|typename|using|namespace|operator|typedef"
)
_HEAD = re.compile(rb"(?:^|(?<=[;}{>])|\b(?:static|inline|extern|virtual|constexpr|template))[ \t]*+\Z", re.MULTILINE)
_HEAD_BYTES = 200
_DECLARED = rb"[A-Za-z_][\w:]*+(?:" + _TEMPLATE + rb")?(?:[ \t]++|[ \t]*[*&]+[ \t]*)[A-Za-z_~][\w:~]*+[ \t]*\("
_MACROS = rb"[A-Z](?<!\w[A-Z])[A-Z0-9]*+_[A-Z0-9_]++(?![a-z])(?:[ \t]?" + _ARGUMENTS + rb")?+[ \t]++"
_MORE_MACROS = rb"(?:" + _MACRO + rb"(?:[ \t]?" + _ARGUMENTS + rb")?+[ \t]++)*+"
_BEFORE = re.compile(_MACROS + _MORE_MACROS + rb"(?=(?:" + _KEYWORDS + rb")\b|" + _DECLARED + rb")")
"""`EXPORTED void run(`, `static EXPORTED Type *make(`."""

_BEHIND = re.compile(
    rb"(?<=\))(?:\s*+\bconst\b)?\s*+((?:\b" + _MACRO + rb"(?:[ \t]?" + _ARGUMENTS + rb")?+\s*+)++)"
    rb"(?=\{|\boverride\b|\bfinal\b|\bconst\b|:[^:])"
)
"""`void run() const NOEXCEPT {`."""

_IF = re.compile(rb"\bif[ \t]++(" + _MACRO + rb")[ \t]*+\(")
_CONSTRUCTOR = re.compile(rb"^[ \t]*+((?:" + _MACRO + rb"[ \t]++)++)(?:explicit[ \t]++)?(\w+)\(", re.MULTILINE)
_CLASS_NAME = re.compile(rb"\b(?:class|struct)\s++(?:" + _MACRO + rb"\s++)?(\w++)")
_NESTED = rb"\((?:[^()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*+\))*+\))*+\)"
_CONSTRAINT = re.compile(rb"(,\s*+" + _MACRO + _NESTED + rb")(?=\s*+>)")
"""`template <typename T, ENABLED_IF(…)>`."""

_ANNOTATION = re.compile(rb"__[a-z]++(?:_[a-z]++)*+(?!\w)(?=[ \t]*+\n?[ \t]*+[A-Za-z_*])")
"""`char __user *name`, `int __init start(`."""
_BEFORE_TYPE = frozenset(
    b"struct union enum const static volatile return unsigned signed extern inline typedef case goto else register sizeof do"
    b" restrict typename class new delete throw using operator friend virtual explicit auto and or not in".split()
)

_LAST_WORD = re.compile(rb".*\W(?=\w+\Z)", re.DOTALL)

_OBJC_BEHIND = re.compile(
    rb"^([-+@][^;{}\n]{0,400}?)((?:[ \t]++" + _MACRO + rb"(?:" + _ARGUMENTS + rb")?+){1,8}+)(?=[ \t]*+[;{])", re.MULTILINE
)
"""`- (void)run AVAILABLE_FROM(10);`."""
_OBJC_ENUM = re.compile(
    rb"\btypedef[ \t]++((?:NS|CF)_(?:CLOSED_|ERROR_)?(?:ENUM|OPTIONS)\([^,()]++,)[ \t]*+(\w++)(\))(?=\s*+\{)"
)

_DEFINES = re.compile(
    rb"\n([A-Z][A-Z0-9_]{4,}+\()([ \t]*+)([A-Za-z_]\w*+)([ \t]*+),(?=[^;{}(),]*+,[^;{}()]*+\)[ \t]*+\n?\{)"
)
"""`DEFINE_CALL2(name, int, x) {`: a function whose head is a macro."""
_GAP = re.compile(rb"[^\n]")

_QUALIFIER = re.compile(rb"([A-Z](?<=[\w*)] .)[A-Z0-9_]{2,}+)(?=[ \t]++[A-Za-z_]\w*+[ \t]*+\(|[ \t]*+\*)")
"""`int EXPORTED run(`, `char FAR *name`. What stands before is looked at from behind the first letter: an expression that
begins with a set of letters skips all others four times as fast."""
_NO_TYPE = _BEFORE_TYPE | frozenset(b"long short if while define undef".split()) - frozenset(b"void".split())
_PROTOTYPE = re.compile(rb"([A-Z_](?<=[ \t].)[A-Z0-9_]*+[ \t]*+\()(\([^;{}]{0,2000}?\))(\))(?=\s*+;)")
"""`int run OF((int count));`: the compilers before C89 are to see no parameters."""
_FIELDS = re.compile(rb"(?:[;{]|\*/|\n\s*+" + _WORD + rb")\Z")
_OPENS = re.compile(rb"[=,(]\s*+\{\Z")
_FIRST_WORD = re.compile(rb"(?:if|while|for|switch|return|else|do|case|goto)\b|#")
_FIRST = re.compile(
    rb"\n[A-Z][A-Z0-9_]{2,}+(?=[ \t]++(?:const|int|char|void|unsigned|struct|long|short|static|extern|double|float)\b)"
)
"""`EXPORTED int run();`, whatever the macro is called."""
_QUOTED = re.compile(
    rb"(\"[ \t\n]*+)([A-Z_][A-Z0-9_]++\(\"[^\"\n]*+\"\))|([A-Z_][A-Z0-9_]++\(\"[^\"\n]*+\"\))(?=[ \t\n]*+\")"
)
"""`"expected " QUOTED("=") " here"`."""
_QUOTES = re.compile(rb"\(\"(?<=[A-Z0-9_]..)[^\"\n]*+\"\)")
_DEFINE = re.compile(rb"\n[ \t]*+#[ \t]*+(?:define|undef)\b(?:[^\n\\]|\\\n?)*+")
_COMMENT = re.compile(rb"/\*(?:[^*]|\*(?!/)){0,4000}+\*/")
_IN_LIST = re.compile(rb"(?:,|\benum\b[^;{}()]*\{)\s*+\Z")


def mask_c(text: bytes) -> bytes:
    """The text without the macros of C that hide declarations."""
    text = _FIRST.sub(_first, b"\n" + _PROTOTYPE.sub(_prototype, _shared(text, plain=True)))
    text = _QUALIFIER.sub(_qualifier, text)
    if _QUOTES.search(text):
        text = _QUOTED.sub(_quoted, text)
    return _DEFINES.sub(_defined, text)[1:]


def _shared(text: bytes, *, plain: bool = False) -> bytes:
    """The text without the macros that all three languages know; `plain` C has no use for what is said to C++."""
    text = _without_heads(_ALONE.sub(_alone, _DEFINE.sub(_definition, b"\n" + without_cuts(text, plain=plain)))[1:])
    return _ANNOTATION.sub(_annotation, text) if b" __" in text or b"\t__" in text or b"*__" in text else text


def _without_heads(text: bytes) -> bytes:
    """The text without the macros before what declares a function or a variable."""
    kept: list[bytes] = []
    end = 0
    found = _BEFORE.search(text)
    while found is not None:
        start = found.start()
        behind = start + 1
        if _HEAD.search(text, max(0, start - _HEAD_BYTES), start):
            behind = found.end()
            kept += text[end:start], _blank(found[0])
            end = behind
        found = _BEFORE.search(text, behind)
    return b"".join((*kept, text[end:])) if kept else text


def mask_cpp(text: bytes) -> bytes:
    """The text without the macros of C++ that hide declarations."""
    text = _BEHIND.sub(_without, _CLASS.sub(_without, _shared(text)))
    text = _CONSTRAINT.sub(_without, _IF.sub(_without, text))
    classes = frozenset(_CLASS_NAME.findall(text))
    return _CONSTRUCTOR.sub(lambda match: _without(match) if match[2] in classes else match[0], text)


def mask_objc(text: bytes) -> bytes:
    """The text without the macros of Objective-C that hide declarations; `NS_ENUM` reads as the `enum` it is."""
    return _shared(_OBJC_BEHIND.sub(_behind, _OBJC_ENUM.sub(_enumeration, text)))


def _blank(text: bytes) -> bytes:
    return _GAP.sub(b" ", text)


def _without(match: re.Match[bytes]) -> bytes:
    whole, start = match[0], match.start()
    first, last = match.start(1) - start, match.end(1) - start
    return whole[:first] + _blank(whole[first:last]) + whole[last:]


def _annotation(match: re.Match[bytes]) -> bytes:
    """An annotation stands behind a type; behind any other word it is a name."""
    text, start = match.string, match.start()
    before = text[max(0, start - 40) : start].rstrip(b" \t")
    last = before[-1:]
    if text[start - 1 : start] not in (b" ", b"\t", b"*") or not (last == b"*" or last.isalnum() or last == b"_"):
        return match[0]
    return match[0] if _LAST_WORD.sub(b"", before) in _BEFORE_TYPE else b" " * len(match[0])


def _qualifier(match: re.Match[bytes]) -> bytes:
    """A word in capitals between a type and a name; behind any other word it is the type."""
    text, start = match.string, match.start()
    line = text[text.rfind(b"\n", max(0, start - _HEAD_BYTES), start) + 1 : start]
    before = line.rstrip(b" \t*")
    word = _LAST_WORD.sub(b"", b" " + before)
    if not before or before[-1:] == b")" or word in _NO_TYPE or before.lstrip().startswith(b"#"):
        return match[0]
    return b" " * len(match[0])


def _first(match: re.Match[bytes]) -> bytes:
    return b"\n".ljust(len(match[0]))


def _prototype(match: re.Match[bytes]) -> bytes:
    text, start = match.string, match.start()
    before = text[text.rfind(b"\n", max(0, start - _HEAD_BYTES), start) + 1 : start].strip()
    if not (before[-1:].isalnum() or before[-1:] in (b"_", b")")) or _FIRST_WORD.match(before) is not None:
        return match[0]
    return b" " * len(match[1]) + match[2] + b" "


def _quoted(match: re.Match[bytes]) -> bytes:
    return match[1] + _blank(match[2]) if match[2] is not None else _blank(match[3])


def _definition(match: re.Match[bytes]) -> bytes:
    """The grammar ends what a macro stands for at the first comment, and knows no macros that are defined within a list."""
    text, start = match.string, match.start()
    if b"undef" in match[0][:17] or _IN_LIST.search(text, max(0, start - _HEAD_BYTES), start):
        return _blank(match[0])
    if b"/*" in match[0] and b"\\\n" in match[0]:
        return _COMMENT.sub(lambda comment: _blank(comment[0]) if b"\n" not in comment[0] else comment[0], match[0])
    return match[0]


def _defined(match: re.Match[bytes]) -> bytes:
    return b"\nvoid".ljust(1 + len(match[1])) + match[2] + match[3] + match[4] + b"("


def _behind(match: re.Match[bytes]) -> bytes:
    return match[1] + _blank(match[2])


def _enumeration(match: re.Match[bytes]) -> bytes:
    name = match.start(2) - match.start()
    return b"enum".ljust(name) + match[2] + b" "


def _alone(match: re.Match[bytes]) -> bytes:
    """A macro that fills a line, unless the lines around it make it a part of an expression or of a list."""
    text = match.string
    before = text[max(0, match.start() - 200) : match.start()].rstrip()
    directive = before.rpartition(b"\n")[2].lstrip().startswith(b"#")
    behind = text[match.end() : match.end() + 200].lstrip()
    if before[-1:] == b"," and (behind[:1].isalpha() or behind[:1] == b"_"):
        return _without(match)  # a value in a list would have a comma behind it
    if before and before[-1:] in _VALUE_BEFORE and not directive and not _ends_label(before):
        return match[0]
    if behind[:1] == b"}" and not match[1].endswith(b")") and _OPENS.search(before) is None and _FIELDS.search(before):
        return _without(match)  # the last field of a structure
    if not behind or (behind[:1] in _VALUE_BEHIND and behind[:2] not in (b"//", b"/*", b"::")):
        return match[0] if behind else _without(match)
    return _without(match)


def _ends_label(before: bytes) -> bool:
    return before.endswith((b"public:", b"private:", b"protected:", b"*/", b"signals:", b"slots:"))
