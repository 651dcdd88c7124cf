"""Where this installation keeps its data, its secret and its database; read from the environment once, at start."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from banggiao.core.errors import N_, SetupProblem

PACKAGE = Path(__file__).resolve().parent.parent
CHECKOUT = PACKAGE.parent.parent if (PACKAGE.parent.parent / "pyproject.toml").exists() else None

#: Measured for one file under several processes: immediate transactions and a long wait instead of "database is locked".
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=268435456; "
        "PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=67108864;"
    ),
}


def data_folder() -> Path:
    """The data folder: BANGGIAO_DATA, else `var` of the checkout, else the user's data directory. Made, mode 700, if absent."""
    named = os.environ.get("BANGGIAO_DATA")
    if named:
        folder = Path(named).expanduser().resolve()
    elif CHECKOUT:
        folder = CHECKOUT / "var"
    else:
        folder = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "banggiao"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise SetupProblem(
            N_("Không tạo được thư mục dữ liệu (%(why)s)."),
            subject=str(folder),
            why=error.strerror or str(error),
            remedy=N_("Hãy đặt BANGGIAO_DATA là một thư mục ghi được."),
        ) from error
    return folder


def secret_key(folder: Path) -> str:
    """The installation's secret: BANGGIAO_SECRET_KEY, or made at first start in the data folder, readable by its owner only."""
    given = os.environ.get("BANGGIAO_SECRET_KEY")
    if given:
        return given
    path = folder / "secret.key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        key = secrets.token_urlsafe(48)
        file.write(key)
    return key


def database(folder: Path) -> dict[str, Any]:
    """Django's settings for BANGGIAO_DATABASE_URL (`postgres://…` or `sqlite:///path`), by default a file in the data folder."""
    url = os.environ.get("BANGGIAO_DATABASE_URL", "")
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": folder / "banggiao.sqlite3",
            "OPTIONS": dict(SQLITE_OPTIONS),
            "CONN_MAX_AGE": 60,
        }
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path),
            "OPTIONS": dict(SQLITE_OPTIONS),
            "CONN_MAX_AGE": 60,
        }
    if parts.scheme in ("postgres", "postgresql"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "OPTIONS": dict(parse_qsl(parts.query)),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    raise SetupProblem(
        N_("Không dùng được cơ sở dữ liệu loại “%(scheme)s”."),
        scheme=parts.scheme,
        subject="BANGGIAO_DATABASE_URL",
        remedy=N_("Hãy dùng postgres://người-dùng@máy/tên hoặc sqlite:////đường/dẫn."),
    )
