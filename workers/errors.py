"""Everything that can go wrong around the making of a scene: records, storage, catalog, settings.

ImagegenError
`-- ServiceError
    |-- SettingsError        the process must not start like this
    |-- NotFoundError        no such product, scene, picture
    |-- StateConflictError   the scene's state does not allow this change
    |   `-- LeaseLostError   the work was given to somebody else meanwhile
    |-- KeyInUseError        a request with this Idempotency-Key is being worked on (retryable)
    |-- QuotaError           the team has used what it may use; later there may be room again
    |   `-- RoomQuotaError   the team's photos take all the room that it may take
    |-- KeyReusedError       this Idempotency-Key came with another request
    |-- NotPreparedError     what a preview is laid of could not be made, and it is not the caller's fault
    |-- StorageError         a disk or an object store refused (retryable)
    |-- RemotePhotoError     a photo's address is forbidden, or did not deliver
    |-- BackupError          a backup that is damaged, or a place that it cannot be brought back to
    `-- CatalogError         a catalog file that cannot be read as one
"""

from __future__ import annotations

from typing import ClassVar

from imagegen.errors import ImagegenError


class ServiceError(ImagegenError):
    """Root of what the service adds to the errors of making a scene."""


class SettingsError(ServiceError):
    """The settings are contradictory or unsafe; nothing was started."""


class NotFoundError(ServiceError):
    """There is no such product, scene or picture."""


class StateConflictError(ServiceError):
    """The scene's state does not allow this change; the message names the state."""


class LeaseLostError(StateConflictError):
    """The lease lapsed and the work went to somebody else; what was made must be thrown away."""


class KeyInUseError(ServiceError):
    """A request with the same Idempotency-Key is being worked on; the same may be answered a moment later."""

    retryable: ClassVar[bool] = True


class QuotaError(ServiceError):
    """The team has asked for as many scenes as it may. ``retry_after_s``: when the same may succeed."""

    retry_after_s: int | None = None


class RoomQuotaError(QuotaError):
    """The team's photos take all the room that they may take."""


class KeyReusedError(ServiceError):
    """The Idempotency-Key came with another request before."""


class NotPreparedError(ServiceError):
    """What a preview is laid of could not be made, and it is not the caller's fault; it is tried again later."""

    retryable: ClassVar[bool] = True


class StorageError(ServiceError):
    """A disk, database or object store refused; the same may succeed later."""

    retryable: ClassVar[bool] = True


class RemotePhotoError(ServiceError):
    """A photo's address is forbidden, or it did not deliver an image in time."""


class CatalogError(ServiceError):
    """A catalog file that cannot be read as one (a row at fault is told in its own result instead)."""


class BackupError(ServiceError):
    """A backup that is damaged or not finished, or a place that it cannot be brought back to."""
