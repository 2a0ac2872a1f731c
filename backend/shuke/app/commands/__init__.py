"""One file a command, each with a click command (or group) named `command`; heavy imports go inside the function."""
