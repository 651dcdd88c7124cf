"""Where this installation keeps its data, its secret and its database; read from the environment once, at start."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
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


def address() -> str:
    """The address under which people reach this installation, for links in mails and calendars: BANGGIAO_ADDRESS, else the first
    of BANGGIAO_HOSTS by https, else this machine."""
    host = os.environ.get("BANGGIAO_HOSTS", "").split(",")[0]
    return (os.environ.get("BANGGIAO_ADDRESS") or (f"https://{host}" if host else "http://127.0.0.1:8000")).rstrip("/")


@dataclass(frozen=True, slots=True)
class Mail:
    """The mail server and what goes out by it; without a host nothing does. `tls` is starttls, tls or none."""

    host: str
    port: int
    user: str
    password: str
    tls: str
    sender: str
    most_a_day: int


def mail() -> Mail:
    """What the BANGGIAO_MAIL_ variables say. Raises SetupProblem."""
    host, tls = os.environ.get("BANGGIAO_MAIL_HOST", ""), os.environ.get("BANGGIAO_MAIL_TLS", "starttls")
    secret, user = os.environ.get("BANGGIAO_MAIL_PASSWORD_FILE", ""), os.environ.get("BANGGIAO_MAIL_USER", "")
    try:
        password = Path(secret).expanduser().read_text(encoding="utf-8").strip() if host and secret else ""
        port = int(os.environ.get("BANGGIAO_MAIL_PORT") or {"tls": 465, "none": 25}.get(tls, 587))
        most = int(os.environ.get("BANGGIAO_MAIL_MOST_A_DAY") or 10)
    except (OSError, ValueError) as error:
        raise SetupProblem(
            N_("Thiết lập thư điện tử chưa đúng (%(why)s)."),
            why=str(error),
            subject="BANGGIAO_MAIL_*",
            remedy=N_("Hãy xem lại cổng, tệp mật khẩu và số thư tối đa mỗi ngày."),
        ) from error
    if tls not in ("starttls", "tls", "none") or (password and tls == "none" and host not in ("127.0.0.1", "localhost", "::1")):
        raise SetupProblem(
            N_("Thiết lập thư điện tử chưa đúng (%(why)s)."),
            why=f"BANGGIAO_MAIL_TLS={tls}",
            subject="BANGGIAO_MAIL_TLS",
            remedy=N_("Hãy chọn starttls hoặc tls; none chỉ dùng khi không có mật khẩu hoặc máy chủ thư ở ngay máy này."),
        )
    sender = os.environ.get("BANGGIAO_MAIL_FROM") or (user if "@" in user else f"banggiao@{urlsplit(address()).hostname}")
    return Mail(host, port, user, password, tls, sender, most)


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
