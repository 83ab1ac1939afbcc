"""What the screens ask for, and of whom: they know these shapes and nothing behind them."""
