"""What an installation decides. This file is the only reader of the environment."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from workers.errors import SettingsError
from workers.scopes import Role

Rate = Annotated[str, Field(pattern=r"^([1-9][0-9]{0,8}/(second|minute|hour|day))?$")]
"""So many requests in any such stretch of time; empty for as many as they like."""

MIN_SECRET = 32
"""Characters of a secret that production accepts."""


class Settings(BaseSettings):
    """Read from ``IMAGEGEN_*``; the defaults are one laptop's: everything under ``./var``, no server needed.

    Addresses: ``database_url`` is SQLAlchemy's; ``broker_url`` is kombu's (``filesystem://`` needs no server);
    ``blobs_url`` and ``publish_url`` are a folder or ``s3://bucket/prefix``. Seconds end in ``_s``.
    """

    model_config = SettingsConfigDict(env_prefix="IMAGEGEN_", extra="ignore", frozen=True)

    environment: Literal["development", "production"] = "development"
    data_dir: Path = Path("var")
    database_url: str = ""
    broker_url: str = ""
    blobs_url: str = ""
    publish_url: str = ""
    publish_format: Literal["jpeg", "png"] = "jpeg"
    publish_space: Literal["srgb", "adobe-rgb"] = "srgb"
    style_paths: Annotated[tuple[Path, ...], NoDecode] = ()
    team: str = Field("house", pattern=r"^[a-z0-9][a-z0-9-]{0,38}[a-z0-9]$")
    engine: str = "render"
    model: str = "mini"
    models_dir: Path = Path()
    models_url: str = Field("https://huggingface.co", pattern=r"^https?://[^\s]+$")
    cutter: str | None = None
    cutter_weights: Path | None = None
    secret: SecretStr = SecretStr("")
    api_tokens: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    metrics_token: SecretStr = SecretStr("")
    oidc_issuer: str = Field("", pattern=r"^(https?://[^\s?#]+)?$")
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_name: str = Field("your house's account", max_length=60)
    oidc_domains: Annotated[tuple[str, ...], NoDecode] = ()
    oidc_role_claim: str = "groups"
    oidc_roles: Annotated[tuple[tuple[str, Role], ...], NoDecode] = ()
    read_rate: Rate = "6000/minute"
    write_rate: Rate = "1200/minute"
    login_rate: Rate = "10/minute"

    log_format: Literal["auto", "json", "text"] = "auto"
    traces_url: str = Field("", pattern=r"^(https?://[^\s]+)?$")
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    max_upload_bytes: int = Field(25_000_000, gt=0)
    max_pixels: int = Field(40_000_000, gt=0)
    max_photos: int = Field(12, gt=0)
    team_photo_bytes: int = Field(0, ge=0)
    team_scenes_a_day: int = Field(0, ge=0)
    team_scenes_queued: int = Field(0, ge=0)
    allow_private_photo_hosts: bool = False
    photo_timeout_s: float = Field(20.0, gt=0)
    allow_private_webhook_hosts: bool = False
    webhook_timeout_s: float = Field(10.0, gt=0, le=30)

    backup_hours: float = Field(48.0, ge=0)

    lease_s: float = Field(30.0, gt=0)
    sweep_s: float = Field(5.0, gt=0)
    resend_s: float = Field(60.0, gt=0)
    max_attempts: int = Field(3, ge=1)
    worker_paints: bool = True
    worker_sweeps: bool = True
    worker_max_scenes: int = Field(0, ge=0)
    worker_max_mb: int = Field(0, ge=0)
    worker_threads: int = Field(1, ge=1, le=64)
    gpus: Annotated[tuple[str, ...], NoDecode] = ()

    s3_endpoint: str | None = None
    s3_region: str = "us-east-1"
    s3_access_key_id: SecretStr | None = None
    s3_secret_access_key: SecretStr | None = None

    @model_validator(mode="before")
    @classmethod
    def _split_paths(cls, values: Any) -> Any:
        paths = values.get("style_paths") if isinstance(values, dict) else None
        if isinstance(paths, str):
            values = values | {"style_paths": tuple(p for p in paths.split(":") if p)}
        return values

    @model_validator(mode="before")
    @classmethod
    def _split_lists(cls, values: Any) -> Any:
        for name in ("api_tokens", "gpus", "oidc_domains"):
            listed = values.get(name) if isinstance(values, dict) else None
            if isinstance(listed, str):
                values = values | {name: tuple(t.strip() for t in listed.split(",") if t.strip())}
        return values

    @model_validator(mode="before")
    @classmethod
    def _split_roles(cls, values: Any) -> Any:
        """``value=role, value=role``; what a provider calls its groups may hold anything but commas."""
        told = values.get("oidc_roles") if isinstance(values, dict) else None
        if isinstance(told, str):
            pairs = (part.strip().rpartition("=") for part in told.split(",") if part.strip())
            values = values | {"oidc_roles": tuple((value.strip(), role.strip()) for value, _, role in pairs)}
        return values

    @model_validator(mode="after")
    def _fill_in(self) -> Self:
        """Whatever was not given lives under ``data_dir``."""
        home = self.data_dir.expanduser().resolve()
        under = {
            "data_dir": home,
            "database_url": self.database_url or f"sqlite:///{home / 'imagegen.db'}",
            "broker_url": self.broker_url or "filesystem://",
            "blobs_url": self.blobs_url or str(home / "blobs"),
            "publish_url": self.publish_url or str(home / "published"),
            "models_dir": home / "models" if self.models_dir == Path() else self.models_dir.expanduser().resolve(),
        }
        for name, value in under.items():
            object.__setattr__(self, name, value)
        return self

    @model_validator(mode="after")
    def _refuse_unsafe_production(self) -> Self:
        if self.environment != "production":
            return self
        faults = [
            (
                len(self.secret.get_secret_value()) < MIN_SECRET,
                f"IMAGEGEN_SECRET needs {MIN_SECRET} characters or more",
            ),
            (self.database_url.startswith("sqlite"), "IMAGEGEN_DATABASE_URL must name a PostgreSQL database"),
            (self.broker_url.startswith(("filesystem", "memory")), "IMAGEGEN_BROKER_URL must name Redis or Valkey"),
            (self.allow_private_photo_hosts, "IMAGEGEN_ALLOW_PRIVATE_PHOTO_HOSTS must be off"),
            (self.allow_private_webhook_hosts, "IMAGEGEN_ALLOW_PRIVATE_WEBHOOK_HOSTS must be off"),
        ]
        wrong = [text for fault, text in faults if fault]
        if wrong:
            raise ValueError("not safe in production: " + "; ".join(wrong))
        return self

    def s3_options(self) -> dict[str, Any]:
        """What the object store's client wants to know, where it is given (else the machine's own identity speaks)."""
        given: dict[str, Any] = {"region": self.s3_region}
        if self.s3_endpoint:
            given |= {"endpoint": self.s3_endpoint, "client_options": {"allow_http": True}}
        if self.s3_access_key_id and self.s3_secret_access_key:
            given |= {
                "access_key_id": self.s3_access_key_id.get_secret_value(),
                "secret_access_key": self.s3_secret_access_key.get_secret_value(),
            }
        return given

    @property
    def alive_for(self) -> timedelta:
        """How long a worker is believed to live after it was heard of: as long as its scenes are left to it."""
        return timedelta(seconds=self.lease_s)

    @property
    def broker_dir(self) -> Path:
        """Where the serverless broker keeps its messages."""
        return self.data_dir / "broker"


def load_settings(**overrides: Any) -> Settings:
    """Settings from the environment with ``overrides`` on top. Raises SettingsError that names each fault."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        told = "; ".join(
            (f"IMAGEGEN_{str(e['loc'][0]).upper()}: " if e["loc"] else "") + e["msg"].removeprefix("Value error, ")
            for e in error.errors()
        )
        raise SettingsError(f"The settings cannot be used: {told}.", hint="See docs/configuration.md.") from error


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process, read once."""
    return load_settings()
