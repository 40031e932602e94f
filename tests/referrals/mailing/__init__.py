"""Tests of campaigns made from filters, messages in trouble, calls, and opt-outs."""
