"""Answers the screens' questions out of a vault: the only place of this package where actions are called."""
