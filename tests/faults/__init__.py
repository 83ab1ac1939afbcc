"""Kills, cuts and power failures, beside a control that must be caught."""
