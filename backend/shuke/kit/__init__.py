"""Tools every room may use and that know no room."""
