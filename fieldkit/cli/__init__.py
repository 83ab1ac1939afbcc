"""The command line: one short function a verb, imports made late."""
