"""Tests of notifications: rules, providers over real HTTP, the outbox, receipts, campaigns, kills."""
