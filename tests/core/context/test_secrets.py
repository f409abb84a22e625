"""Planted secrets, in the files as people write them: none stays, wherever an excerpt begins, and what is no secret does."""

from __future__ import annotations

from collections import Counter

import pytest

from core.context.redact import redact, redact_text
from tests.planted_secrets import EACH, KINDS, Planted, planted

SEEDS = range(12)


def parts(secret: Planted) -> list[str]:
    """What must not be seen of a secret: each line of a private key by itself."""
    return [part for part in secret.secret.replace("\\n", "\n").split("\n") if part]


def test_there_are_so_many_of_each_kind() -> None:
    _, found = planted(0)
    counts = Counter(secret.kind for secret in found)
    assert len(counts) == KINDS
    assert set(counts.values()) == {EACH}


@pytest.mark.parametrize("seed", SEEDS)
def test_no_planted_secret_stays(seed: int) -> None:
    files, found = planted(seed)
    clean = {path: redact_text(text, path)[0] for path, text in files.items()}
    assert [secret for secret in found for part in parts(secret) if part in clean[secret.path]] == []


def test_no_secret_stays_in_any_excerpt() -> None:
    files, found = planted(99)
    for path, text in files.items():
        lines = text.split("\n")
        mine = [part for secret in found if secret.path == path for part in parts(secret)]
        for first in range(1, len(lines) + 1):
            for last in {first, min(first + 2, len(lines)), len(lines)}:
                shown = "\n".join(redact(lines, first, last, path)[0])
                assert [part for part in mine if part in shown] == []


def test_all_but_the_secrets_stays() -> None:
    files, found = planted(7)
    for path, text in files.items():
        mine = [part for secret in found if secret.path == path for part in parts(secret)]
        for before, after in zip(text.split("\n"), redact_text(text, path)[0].split("\n"), strict=True):
            if not any(part in before for part in mine) and "PRIVATE KEY" not in before:
                assert after == before


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("a.py", 'digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"'),
        (
            "a.lock",
            '"integrity": "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg=="',
        ),
        ("a.py", 'ID = uuid.UUID("123e4567-e89b-12d3-a456-426614174000")'),
        ("a.js", "!function(e,t){var n=e.key,r=t.token;return n+r}(a1b2c3d4e5f6a7b8c9d0,window);"),
        ("a.java", "AbstractAnnotationConfigDispatcherServletInitializer key1 = tokenFactory2.createToken(keyStore3);"),
        ("a.go", 'case "Ed25519PrivateKeyInfo", "X509EncodedKeySpec2":'),
        ("a.rb", 'get "admin/passwords" => "queenbee#passwords"'),
        ("a.py", 'form: "OAuth2PasswordRequestFormStrict" = Depends()'),
        ("a.ts", 'const password = this.form.get("password2");'),
        ("a.html", '<input type="password" name="password1" placeholder="Password!">'),
        ("a.yaml", "password: ${DB_PASSWORD1}"),
        ("a.yaml", "secretKeyRef: orders-credentials-v2"),
        ("a.properties", "messages.password=Das Passwort ist zu kurz"),
        ("a.c", 'printf("token=%s key=%d\\n", token, key);'),
        ("a.md", "Pass the token as `Authorization: Bearer <token>`."),
        ("a.sh", 'curl -u "$USER:$PASSWORD" https://api.internal/'),
        ("a.sh", "mysql -u root -p orders < schema.sql"),
        ("a.sql", "ALTER USER orders PASSWORD NULL; -- identified by nothing"),
        ("a.py", 'UNUSABLE = "!" + get_random_string(40, allowed="abcdefghjkmnpqrstuvwxyz23456789")'),
        ("a.md", "![logo](data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk)"),
    ],
)
def test_ordinary_lines_stay(path: str, line: str) -> None:
    assert redact_text(line, path) == (line, 0)
