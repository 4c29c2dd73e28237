"""The settings of the tests: the real ones, on servers and a database of their own."""

from importlib.util import find_spec

from tests.servers import set_environment

set_environment()

if find_spec("config.settings"):  # until the foundation has landed
    from config.settings import *  # noqa: F403  (the environment must be set first)
else:
    SECRET_KEY = "x"

# Hashing slowly on purpose protects people, not tests.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
