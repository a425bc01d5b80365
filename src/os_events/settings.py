"""Every setting, read once from the environment at start-up."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """``OS_EVENTS_*`` variables. Only ``bootstrap`` and ``cli`` may look at them."""

    model_config = SettingsConfigDict(env_prefix="OS_EVENTS_", frozen=True)

    database_url: str | None = Field(
        default=None, description="Any PostgreSQL >= 15; none: embedded."
    )
