"""Which secrecy level this installation may hold, fixed when it is installed and never lifted.

`public` and `internal` installations hold what their name says; `enclave` ones hold state secrets and refuse any address beyond
the local network. Everywhere else a secret is entered only as a pointer (number, date, keeper).
"""

from __future__ import annotations

import ipaddress
from datetime import datetime
from functools import lru_cache

from django.db import models
from uuid_utils.compat import uuid7

from banggiao.core.acts import CLASSIFICATIONS
from banggiao.core.errors import N_, SecrecyRefused, SetupProblem

#: Installation level -> the highest classification it may hold.
LEVELS = {"public": "public", "internal": "internal", "enclave": "top_secret"}


class Installation(models.Model):
    """The one row that says what this installation is. The secrecy level has no way to be changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    only = models.BooleanField(default=True, unique=True, editable=False)
    level = models.CharField(max_length=16, choices=[(level, level) for level in LEVELS])
    exercise_start = models.DateField(null=True)
    # Made whole: an interrupted start makes the rest of it at the next one.
    exercise_ready = models.BooleanField(default=False)
    installed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.level


def install(level: str, *, at: datetime, exercise: bool = False) -> Installation:
    """Fix the level at first start; later calls return what was fixed and raise SetupProblem if another level is asked for."""
    if level not in LEVELS:
        raise SetupProblem(
            N_("Không có mức bảo mật “%(level)s”."), level=level, remedy=N_("Hãy chọn public, internal hoặc enclave.")
        )
    found = Installation.objects.first()
    if found is None:
        found = Installation.objects.create(level=level, installed_at=at, exercise_start=at.date() if exercise else None)
        installed_level.cache_clear()
    elif found.level != level:
        raise SetupProblem(
            N_("Mức bảo mật của bản cài đặt này đã được ấn định là “%(level)s” và không thể thay đổi."),
            level=found.level,
            remedy=N_("Hãy cài một bản khác cho mức bảo mật khác."),
        )
    return found


def exercise_made(installation: Installation) -> None:
    """The exercise stands whole; later starts need not look again."""
    Installation.objects.filter(pk=installation.pk).update(exercise_ready=True)


@lru_cache(maxsize=1)
def installed_level() -> str:
    """The level fixed at installation; the strictest that can hold anything (`internal`) before it is fixed."""
    found = Installation.objects.values_list("level", flat=True).first()
    return found or "internal"


def check_level(classification: str, *, subject: str) -> None:
    """Raise SecrecyRefused when content of this classification must not stand here."""
    highest = LEVELS[installed_level()]
    if CLASSIFICATIONS.index(classification) > CLASSIFICATIONS.index(highest):
        raise SecrecyRefused(
            N_("Bản cài đặt này không được chứa nội dung ở mức mật đã chọn."),
            subject=subject,
            remedy=N_("Hãy chỉ ghi số, ngày và nơi giữ văn bản; không ghi nội dung hay tóm tắt."),
        )


def check_address(host: str) -> None:
    """Raise SecrecyRefused when an enclave is asked to listen beyond loopback and private networks."""
    if installed_level() != "enclave":
        return
    try:
        address = ipaddress.ip_address(host)
        local = (address.is_loopback or address.is_private) and not address.is_unspecified
    except ValueError:
        local = host == "localhost"
    if not local:
        raise SecrecyRefused(
            N_("Bản cài đặt mức mật chỉ được phục vụ trong mạng nội bộ."),
            subject=host,
            remedy=N_("Hãy chọn một địa chỉ của mạng nội bộ."),
        )


def refuse_outward(subject: str) -> None:
    """Raise SecrecyRefused when an enclave is asked to tell anything beyond itself: by mail, feed or any other way."""
    if installed_level() == "enclave":
        raise SecrecyRefused(
            N_("Bản cài đặt mức mật không gửi thư và không mở lịch ra ngoài."),
            subject=subject,
            remedy=N_("Hãy xem việc đang chờ trong hộp thư của hệ thống."),
        )
