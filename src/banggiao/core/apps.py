"""Loads every package's declarations once the tables are known: registers, questions and search words register themselves."""

from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from django.apps import AppConfig, apps


class CoreConfig(AppConfig):
    """The spine; named first among our applications, so it loads the others' questions when all models stand."""

    name = "banggiao.core"
    label = "core"

    def ready(self) -> None:
        for config in apps.get_app_configs():
            if config.name.startswith("banggiao.") and config.name != "banggiao.core":
                parts = [name for _finder, name, package in iter_modules([config.path], f"{config.name}.") if package]
                for name in (config.name, *parts):
                    if find_spec(f"{name}.questions"):
                        import_module(f"{name}.questions")
