"""Changed samples for every parser outside sync.protocol, and the loop that tries them for all."""
