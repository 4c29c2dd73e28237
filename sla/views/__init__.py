"""Pages: clocks for those who must act, and what administrators set about them."""
