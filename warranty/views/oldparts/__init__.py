"""Pages of old parts: pieces, their steps, shipments, windows and trucks."""
