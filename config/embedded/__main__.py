"""python -m config.embedded start|stop|status|env [--dir var/test]

start    keep PostgreSQL and Redis running until `stop` (for `pytest` again and again)
env      print the URLs as shell lines: eval "$(python -m config.embedded env)"
"""

import argparse
import os
import shlex
import sys
from pathlib import Path

from config.embedded import ROOT, EmbeddedError, running, start, stop
from config.embedded.supervisor import serve


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m config.embedded", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("verb", choices=["start", "stop", "status", "env", "serve"])
    parser.add_argument("--dir", type=Path, default=ROOT / "var" / "test")
    parser.add_argument("--fast", action="store_true", help="no fsync (tests)")
    parser.add_argument("--redis-only", action="store_true")
    options = parser.parse_args()
    directory = options.dir.resolve()
    if options.verb == "serve":
        return serve(directory, durable=not options.fast, redis_only=options.redis_only)
    try:
        if options.verb == "start":
            fast = options.fast or directory == (ROOT / "var" / "test")
            start(directory, durable=not fast, keep=True, environ={})
        elif options.verb == "stop":
            print("Stopped." if stop(directory) else "Nothing was running.")
            return 0
    except EmbeddedError as error:
        print(error, file=sys.stderr)
        return 1
    state = running(directory)
    if state is None:
        print(f"Nothing is running below {os.path.relpath(directory)}.", file=sys.stderr)
        return 1
    for name, value in state.items():
        if options.verb == "env":
            if name.endswith("_URL"):
                print(f"export {name}={shlex.quote(value)}")
        else:
            print(f"{name:20} {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
