"""A server and members who lie: scripts of what they try, what stops it, and what a person is told."""
