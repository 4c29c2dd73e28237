from importlib import import_module

from django.apps import AppConfig
from django.conf import settings


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "Core"

    def ready(self) -> None:
        # Web processes send tasks too: the Celery application must be the current one there.
        import_module(settings.CELERY_APPLICATION)
