"""What goes wrong with model servers: errors of the libraries read into one record, and that told in one line without the
key."""

from __future__ import annotations

import sys
from http import HTTPStatus
from types import ModuleType

from core.context.redact import redact_text
from core.errors import ProviderError
from desktop.adapters.protocol import Failure, FailureKind
from desktop.adapters.providers import Endpoint

_KINDS = {
    HTTPStatus.UNAUTHORIZED: FailureKind.KEY,
    HTTPStatus.FORBIDDEN: FailureKind.KEY,
    HTTPStatus.NOT_FOUND: FailureKind.MODEL,
    HTTPStatus.TOO_MANY_REQUESTS: FailureKind.BUSY,
}
_OVERLOADED = 529
"""Anthropic's own status."""
_PASSING = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
        _OVERLOADED,
    }
)
_QUOTA = ("insufficient_quota", "billing")
"""A refusal that says so does not pass by itself."""
_MAX_DETAIL = 300


def kind_of_status(status: int) -> FailureKind:
    """What an HTTP status says."""
    return _KINDS.get(HTTPStatus(status) if status in set(HTTPStatus) else HTTPStatus.OK, FailureKind.STATUS)


def is_passing(failure: Failure) -> bool:
    """Whether the same request may well succeed a little later."""
    return failure.status in _PASSING and not any(word in failure.detail for word in _QUOTA)


def of_sdk(error: Exception, name: str, base: str) -> Failure | None:
    """What an error of OpenAI's or Anthropic's library says, which have the same shape; `base` names the root of its errors.

    A library that nobody has imported has raised nothing.
    """
    sdk = sys.modules.get(name)
    if sdk is None:
        return None
    detail = _message_of(error) or str(getattr(error, "message", "") or error)
    if isinstance(error, sdk.APITimeoutError):
        return Failure(FailureKind.TIME, detail)
    if isinstance(error, sdk.APIStatusError):
        streaming = error.status_code == HTTPStatus.OK  # an error in the middle of a stream that had begun well
        kind = FailureKind.DROPPED if streaming else kind_of_status(error.status_code)
        return Failure(kind, f"{detail} {_code_of(error)}".strip(), 0 if streaming else error.status_code)
    if isinstance(error, sdk.APIConnectionError):
        return Failure(FailureKind.UNREACHABLE, str(error.__cause__ or error))
    return Failure(FailureKind.UNREADABLE, detail) if isinstance(error, getattr(sdk, base)) else None


def of_client(error: Exception, http: ModuleType) -> Failure | None:
    """What an error of an HTTP library of httpx's shape says, or one met while reading what it brought."""
    if isinstance(error, http.HTTPStatusError):
        error.response.read()
        status = error.response.status_code
        return Failure(kind_of_status(status), error.response.text, status)
    if isinstance(error, http.TimeoutException):
        return Failure(FailureKind.TIME, str(error))
    if isinstance(error, http.RemoteProtocolError | http.ReadError):
        return Failure(FailureKind.DROPPED, str(error))
    if isinstance(error, http.HTTPError):
        return Failure(FailureKind.UNREACHABLE, str(error.__cause__ or error))
    # What a server sends that is no JSON, or JSON of another shape, fails in the library that takes it apart.
    return Failure(FailureKind.UNREADABLE, str(error)) if isinstance(error, ValueError | LookupError | TypeError) else None


def told(failure: Failure, endpoint: Endpoint, model: str, wait: float | None = None) -> ProviderError:
    """The failure in one line; `wait` is how many seconds the server asked to wait."""
    server, detail = endpoint.told, without_key(failure.detail, endpoint.key)
    name, variable = endpoint.provider.name, endpoint.provider.key_variable
    match failure.kind:
        case FailureKind.KEY if not endpoint.key:
            return ProviderError(f"{server} wants a key", detail, f"store one with 'codestrata key set {name}'")
        case FailureKind.KEY:
            next_step = f"store a valid one with 'codestrata key set {name}', or set {variable}"
            return ProviderError(f"{server} refused the key", detail, next_step)
        case FailureKind.MODEL:
            what = f"{server} knows no {model!r} at this address" if model else f"{server} does not answer at this address"
            return ProviderError(what, detail, f"see 'codestrata models --provider {name}', and check --base-url")
        case FailureKind.BUSY:
            next_step = f"wait {wait:.0f} s" if wait else "wait a little, or check the quota"
            return ProviderError(f"{server} takes no more requests for now", detail, next_step)
        case FailureKind.TIME:
            why = f"nothing came for {endpoint.timeout_seconds:g} s"
            return ProviderError(f"{server} did not answer", why, "try again or raise the timeout")
        case FailureKind.STATUS:
            return ProviderError(
                f"{server} failed with status {failure.status}",
                detail,
                "check the model's name, look at its log, or try again",
            )
        case FailureKind.DROPPED:
            return ProviderError(f"{server} dropped the connection", detail, "try again")
        case FailureKind.UNREACHABLE:
            return ProviderError(f"{server} cannot be reached", detail, "check that it runs and --base-url")
        case FailureKind.UNREADABLE:
            next_step = f"check that it speaks the protocol of {name}"
            return ProviderError(f"{server} gave an answer that cannot be read", detail, next_step)


def without_key(text: str, key: str) -> str:
    """A text of a server's as it may be shown: short, on one line, without the key or anything that looks like one."""
    text = text.replace(key, "[key]") if key else text
    return redact_text(" ".join(text.split()))[0][:_MAX_DETAIL]


def _message_of(error: Exception) -> str:
    """What the server itself says of its refusal, where it says it as the providers do; the library's own message is the
    whole body as Python writes it."""
    body = getattr(error, "body", None)
    inner = body.get("error", body) if isinstance(body, dict) else None
    message = inner.get("message") if isinstance(inner, dict) else inner
    return message.strip() if isinstance(message, str) else ""


def _code_of(error: Exception) -> str:
    """The provider's own name for what happened, which its message may not hold."""
    code = getattr(error, "code", None)
    return f"({code})" if isinstance(code, str) and code not in str(error) else ""
