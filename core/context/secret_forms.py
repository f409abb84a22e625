"""Forms of secrets: those whose issuer gave them an unmistakable beginning, and what tells a drawn value from a name.

A form alone is enough; a value without one counts only behind a name that says what it is, which is for `redact` to see.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections import Counter

_FORMS = (
    ("aws_key_id", r"(?<![A-Za-z0-9])(?:AKIA|ASIA|AGPA|AIDA|AROA|ANPA|ANVA)[A-Z0-9]{16}\b"),
    ("azure_key", r"(?<=AccountKey=)[A-Za-z0-9+/]{40,}={0,2}|(?<=SharedAccessKey=)[A-Za-z0-9+/]{40,}={0,2}"),
    ("google_key", r"\bAIza[0-9A-Za-z_-]{35}(?![0-9A-Za-z_-])|\bGOCSPX-[\w-]{28}|\bya29\.[\w-]{30,250}"),
    ("github_token", r"\bgh[pousr]_[A-Za-z0-9]{36,255}\b|\bgithub_pat_[A-Za-z0-9_]{22,255}\b"),
    ("gitlab_token", r"\bgl(?:pat|rt|dt|ptt|oas|ft|soat)-[A-Za-z0-9_-]{20,64}"),
    ("bitbucket_token", r"\bATBB[A-Za-z0-9]{28}\b|\bATATT3[A-Za-z0-9_=-]{60,250}"),
    ("slack_token", r"\bxox[abeoprs]-(?=[A-Za-z-]*\d)[A-Za-z0-9-]{10,250}\b|\bxapp-\d-[A-Za-z0-9-]{20,250}"),
    ("discord_token", r"\b[MNO][A-Za-z\d_-]{23,26}\.[\w-]{6}\.[\w-]{27,40}"),
    ("telegram_token", r"\b\d{8,10}:AA[\w-]{33}(?![\w-])"),
    (
        "webhook",
        r"(?<=hooks\.slack\.com/)(?:services|workflows|triggers)/T?[A-Za-z0-9]+/B?[A-Za-z0-9]+/[A-Za-z0-9/]{16,}"
        r"|(?<=discord\.com/api/webhooks/)\d{15,20}/[\w-]{40,}|(?<=discordapp\.com/api/webhooks/)\d{15,20}/[\w-]{40,}"
        r"|(?<=webhook\.office\.com/webhookb2/)[\w@-]{30,}/[\w/-]{30,}|(?<=hooks\.zapier\.com/hooks/catch/)\d+/\w{5,}"
        r"|(?<=/open-apis/bot/v2/hook/)[\w-]{30,}",
    ),
    (
        "api_key",
        r"\bsk-(?:proj|ant|svcacct|or|admin)-[A-Za-z0-9_-]{20,250}"
        r"|\bsk-(?=[A-Za-z]{0,60}\d)(?=[a-z0-9]{0,60}[A-Z])[A-Za-z0-9]{20,64}\b"
        r"|\bgsk_[A-Za-z0-9]{40,60}\b|\br8_[A-Za-z0-9]{37,40}\b|\bxai-[A-Za-z0-9]{70,90}\b|\bpplx-[A-Za-z0-9]{40,60}\b"
        r"|\bnvapi-[\w-]{50,80}",
    ),
    ("hugging_face_token", r"\bhf_(?=[A-Za-z]*[A-Z])[A-Za-z0-9]{34}\b"),
    ("stripe_key", r"\b[sr]k_(?:live|test)_[0-9A-Za-z]{16,250}\b|\bwhsec_[A-Za-z0-9+/]{24,64}"),
    ("square_token", r"\bsq0(?:atp|csp|idp)-[\w-]{22,60}"),
    ("paypal_token", r"\baccess_token\$(?:production|sandbox)\$[a-z0-9]{16}\$[a-f0-9]{32}"),
    ("shop_token", r"\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}\b"),
    (
        "registry_token",
        r"\bnpm_[A-Za-z0-9]{36}\b|\bpypi-AgE[A-Za-z0-9_-]{50,}|\brubygems_[a-f0-9]{48}\b|\bdckr_pat_[\w-]{20,60}",
    ),
    ("sendgrid_key", r"\bSG\.[A-Za-z0-9_-]{20,24}\.[A-Za-z0-9_-]{40,46}"),
    ("vault_token", r"\bhv[sbr]\.[\w-]{24,250}"),
    ("cloud_token", r"\bdo[por]_v1_[a-f0-9]{64}\b|\bdapi[a-f0-9]{32}\b|\btskey-[a-z]+-[\w-]{15,80}|\bHRKU-[\w-]{36,80}"),
    ("monitoring_key", r"\bglsa_[A-Za-z0-9]{32}_[a-f0-9]{8}\b|\bNRAK-[A-Z0-9]{27}\b|\bsntry[su]_[\w+/=-]{40,250}"),
    ("age_key", r"\bAGE-SECRET-KEY-1[0-9A-Z]{58}\b"),
    ("json_web_token", r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"),
)
KNOWN = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _FORMS))
"""A secret of a known issuer; the group that matched names it."""
_SIGNS = """
    akia asia agpa aida aroa anpa anva key aiza gocspx- ya29. ghp_ gho_ ghu_ ghs_ ghr_ github_pat_ glpat- glrt- gldt-
    glptt- gloas- glft- glsoat- atbb atatt3 xoxa- xoxb- xoxe- xoxo- xoxp- xoxr- xoxs- xapp- token bot :aa hook sk- r8_
    xai- pplx- nvapi- hf_ sk_ rk_ whsec_ sq0 shpat_ shpca_ shppa_ shpss_ npm_ pypi- rubygems_ dckr_pat_ sg. hvs. hvb.
    hvr. dop_v1_ doo_v1_ dor_v1_ dapi hrku- glsa_ nrak- sntry secret eyj
"""
KNOWN_SIGNS = frozenset(_SIGNS.split())
"""Small letters of which a line must hold some for a known form to be in it (a Discord token is only known as a token)."""

_CODE = re.compile(
    r"[$#]\{|\{\{|\{[\w.:]*\}|%[sdr(]|\$\(|^\$\w+$|^%\w+%$|^@\w+@$|^[A-Za-z_][\w.:]*\(.*\)[;,]?$|^[A-Za-z_.]+\(|\[\w*\]"
)
"""Text that stands for a value: a variable, a format, a call."""
_PLACEHOLDER = re.compile(
    r"(?i:example|change[_-]?me|placeholder|dummy|redacted|insert[_-]|replace)|\.\.\.|…|[xX]{4,}|\*{3,}|^<.*>$"
    r"|\b(?:your|YOUR|Your)|^(?:test|TEST|Test|fake|FAKE|Fake|todo|TODO|some|SOME|Some)|^(?i:none|null)$"
)
"""Short words in one case alone: what is drawn spells them now and then."""
_SEPARATOR = re.compile(r"[._/:\s-]")
_WORD = re.compile(r"(?:[a-z]+|[A-Z]+|[A-Z][a-z]+|(?:[A-Z]{0,2}[a-z]{3,}\d?)+)?\d{0,2}")
_SPECIAL = re.compile(r"[!@#^&*+=~?%]")
_NUMBERED = re.compile(r"(?i:pass)\w*\d{0,3}|[a-z_.-]+\d|[A-Z_.-]+\d")
"""A word with a number: a field, not what stands in it."""
_SPOKEN = re.compile(r"[A-Z]?[a-z_]+[=?!.,]+|[?&=#*+@~^!]+\w*|.*[=?&]\w*|[a-z_/]+[#@][a-z_]+")
"""A word with its mark, an address' parameter: no password, though letters and signs meet in it."""
_LEAST_DRAWN, _LEAST_ENTROPY = 16, 3.0
_LEAST_PASSWORD = 6


def stands_for_a_value(text: str) -> bool:
    """Whether a text is a variable or a placeholder: what a person writes where the secret itself is not."""
    return bool(_CODE.search(text) or _PLACEHOLDER.search(text))


def is_password(text: str) -> bool:
    """Whether a text after a name that says "password" is one, and not a word that speaks of it."""
    if len(text) < _LEAST_PASSWORD or stands_for_a_value(text):
        return False
    letters, digits = any(map(str.isalpha, text)), any(map(str.isdigit, text))
    if letters and digits:
        return not _NUMBERED.fullmatch(text) and not (_is_named(text) and sum(map(str.isdigit, text)) == 1)
    return letters and bool(_SPECIAL.search(text)) and not _SPOKEN.fullmatch(text)


def is_strong_password(text: str) -> bool:
    """Whether a text is a password by itself, since no name would mix letters, digits and signs like that."""
    kinds = sum(bool(re.search(kind, text)) for kind in (r"[a-z]", r"[A-Z]", r"\d", r"[!@#^&*+=~%?]"))
    return len(text) >= 8 and kinds >= 3 and is_password(text) and not _is_named(text)


def is_drawn(text: str, least: int = _LEAST_DRAWN) -> bool:
    """Whether a text of at least so many characters looks drawn rather than named: letters and digits mixed, no order."""
    if len(text) < least or stands_for_a_value(text):
        return False
    mixed = any(map(str.isalpha, text)) and any(map(str.isdigit, text))
    return mixed and not _is_named(text) and _entropy(text) >= _LEAST_ENTROPY


def is_basic(text: str) -> bool:
    """Whether a text is the base64 of a user and a password."""
    try:
        told = base64.b64decode(text, validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        return False
    user, colon, password = told.partition(":")
    return bool(colon and user and len(password) >= _LEAST_PASSWORD and told.isprintable())


def _is_named(text: str) -> bool:
    return all(_WORD.fullmatch(part) for part in _SEPARATOR.split(text))


def _entropy(text: str) -> float:
    """Bits a character, by the frequencies within `text`."""
    return -sum(n / len(text) * math.log2(n / len(text)) for n in Counter(text).values())
