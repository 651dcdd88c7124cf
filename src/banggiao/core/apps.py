"""Loads every package's declarations once the tables are known: registers, questions and search words register themselves."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps


class CoreConfig(AppConfig):
    """The spine; named first among our applications, so it loads the others' questions when all models stand."""

    name = "banggiao.core"
    label = "core"

    def ready(self) -> None:
        for config in apps.get_app_configs():
            if config.name.startswith("banggiao.") and find_spec(f"{config.name}.questions") and config.name != "banggiao.core":
                import_module(f"{config.name}.questions")
