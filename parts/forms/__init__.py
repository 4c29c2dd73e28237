"""What people type about parts. Forms check; services write."""
