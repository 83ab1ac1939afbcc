"""What the program leaves behind: every place a seized machine or a compelled operator could be read at."""
