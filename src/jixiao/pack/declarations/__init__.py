"""The base of all declarations: frozen, complete, unknown keys refused."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Declaration(BaseModel):
    """A part of a pack as written in its TOML files."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, defer_build=True)
