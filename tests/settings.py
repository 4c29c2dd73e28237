"""The settings of the tests: the real ones, on servers and a database of their own."""

from tests.servers import set_environment

set_environment()

from config.settings import *  # noqa: E402, F403  (the environment must be set first)

# Hashing slowly on purpose protects people, not tests.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
