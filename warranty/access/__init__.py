"""The gates of the guarantee, one module per noun: what an actor sees and may do."""
