"""Which demo accounts does the sign-in page offer? None outside a demo installation."""

from __future__ import annotations

from banggiao.accounts.demo import PASSWORD
from banggiao.accounts.demo import accounts as demo_accounts
from banggiao.web.pages import DemoAccount
from banggiao.web.words import label


def accounts() -> list[DemoAccount]:
    """The demo accounts with what they are for."""
    return [
        DemoAccount(username=username, name=name, post=f"{label('role', role)}, {institution}")
        for username, name, role, institution in demo_accounts()
    ]


def password() -> str:
    """Their password; empty when there are none."""
    return PASSWORD if demo_accounts() else ""
