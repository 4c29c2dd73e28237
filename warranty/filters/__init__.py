"""What the lists of the guarantee can be filtered by, one module per noun; page and API alike."""
