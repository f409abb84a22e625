"""What can go wrong for a customer or a driver; each error knows the HTTP status that tells it."""


class WaybillError(Exception):
    """Base of all errors that are told to the outside."""

    http_status = 400


class UnknownParcel(WaybillError):
    """No parcel has this code."""

    http_status = 404


class InvalidCode(WaybillError):
    """A code that cannot be one: wrong length, wrong letters, wrong check digit."""


class IllegalTransition(WaybillError):
    """A scan that does not fit the state of the parcel."""

    http_status = 409


class NoRoute(WaybillError):
    """The depots are not connected."""

    http_status = 422


class TooLarge(WaybillError):
    """A parcel beyond what the vans carry."""

    http_status = 413
