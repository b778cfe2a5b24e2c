"""The table of stored files: one row per owner and upload; the same bytes are kept once."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from shared.db import Base, Id, Instant


class File(Base):
    """sha256: of the stored bytes, also the file's name; original_sha256: of the bytes as uploaded; sizes in bytes.

    owner: person or other object the file belongs to; "" = nobody in particular. width and height only for pictures.
    """

    __tablename__ = "file"
    __table_args__ = (sa.UniqueConstraint("owner", "original_sha256"),)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    original_sha256: Mapped[str] = mapped_column(sa.String(64))
    owner: Mapped[str] = mapped_column(sa.String(80))
    media_type: Mapped[str] = mapped_column(sa.String(80))
    size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    created_at: Mapped[dt.datetime] = mapped_column(Instant)
