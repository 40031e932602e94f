"""Tests of the policy library."""
