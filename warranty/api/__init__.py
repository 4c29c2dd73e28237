"""The guarantee over REST, one module per noun."""
