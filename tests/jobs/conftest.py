"""Requests in the name of whoever a test likes."""

from tests.employers.conftest import sign_in

__all__ = ["sign_in"]
