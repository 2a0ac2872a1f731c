"""The `shuke` command: knows the commands by name and loads only the one that is asked for."""

import importlib
import logging
import os
import sys
from pathlib import Path
from typing import NoReturn

import click

from shuke.app.trouble import CannotRun, about_folder

COMMANDS = {
    "up": "Start everything on this computer: servers, API and worker.",
    "serve": "Start the API alone.",
    "worker": "Start the worker alone.",
    "init": "Begin a brand with its first administrator.",
    "store": "Open stores.",
    "staff": "Give staff their roles and sign-ins.",
    "demo": "Fill an empty data folder with the demo chain.",
    "import": "Take over customers or orders from a file.",
    "segments": "Recompute segments.",
    "predict": "Foretell who buys again.",
    "partner-key": "Make keys for partners' programs.",
    "export-schema": "Print the GraphQL schema.",
    "migrate": "Bring the database to this program's version.",
    "backup": "Write everything into one file.",
    "restore": "Read a backup into this database.",
    "doctor": "Say what is wrong here and what to do.",
}

HELP = """Shuke 熟客: customer management for chains of shops.

Settings come from the environment:

\b
  SHUKE_DATA          folder for everything that is kept
                      (default: $XDG_DATA_HOME/shuke, else ~/.local/share/shuke)
  SHUKE_HOST          address to listen on (127.0.0.1)
  SHUKE_PORT          port to listen on (8321)
  SHUKE_DATABASE_URL  a PostgreSQL >= 15 instead of the embedded one
  SHUKE_REDIS_URL     a Redis >= 6.2 or Valkey instead of the embedded one
  SHUKE_INTROSPECTION on or off: whether clients may ask for the schema (on)
  SHUKE_GRAPHIQL      on or off: an explorer at /graphql for developers (off)
  SHUKE_LOG           text or json: how logs are written (text)
  SHUKE_METRICS       [host:]port where each process tells its figures and health
                      (nowhere; the host is 127.0.0.1 unless given)
  SHUKE_DRAIN         seconds the API goes on after SIGTERM while it says it is leaving (0)
  SHUKE_PROXIES       addresses of proxies that are believed (127.0.0.1,::1)
  SHUKE_PUSH_CONTACT  mailto: or https: address that push services may write to
  SHUKE_PUSH_HOSTS    further push services to allow, host or host:port, by commas

Commands start the embedded servers themselves when none runs, and stop them when nobody uses them any more.
"""


class Commands(click.Group):
    """Finds a command in `shuke.app.commands` by its name, so that `--help` loads none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name in COMMANDS if (Path(__file__).parent / "commands" / f"{_module(name)}.py").is_file()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = importlib.import_module(f"shuke.app.commands.{_module(cmd_name)}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name]) for name in self.list_commands(ctx)])


def _module(name: str) -> str:
    return "import_" if name == "import" else name.replace("-", "_")


@click.command(cls=Commands, help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="shuke")
def cli() -> None:
    pass


def main() -> None:
    """Runs a command; what stops it for a known reason is one sentence on stderr and exit status 1."""
    try:
        cli(prog_name="shuke")
    except CannotRun as trouble:
        _end(str(trouble))
    except OSError as error:
        if error.filename is None:
            raise
        _end(str(about_folder(Path(error.filename), error)))


def _end(sentence: str) -> NoReturn:
    """On stderr; one JSON line where a collector reads what the API or a worker writes."""
    if sys.argv[1:2] in (["serve"], ["worker"]) and os.environ.get("SHUKE_LOG", "").lower() == "json":
        from shuke.app.log import configure

        configure("json")
        logging.getLogger("shuke").critical("%s", sentence)
    else:
        click.echo(f"shuke: {sentence}", err=True)
    sys.exit(1)


if __name__ == "__main__":
    main()
