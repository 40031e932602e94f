"""Tests of app/regions."""
