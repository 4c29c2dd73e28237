"""Parts, suppliers, stores and operations in the REST API."""
