"""Tests of the exchange, against an in-memory server and over real TLS on loopback."""
