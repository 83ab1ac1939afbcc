"""Every verb of the command line, in one table. docs/cli.md is held equal to it."""

from __future__ import annotations

from fieldkit.cli import shapes
from fieldkit.cli.contract import Argument, Verb
from fieldkit.cli.values import assignment, natural, positive

DEFAULT_LIMIT = 50
"""Reports `list` prints unless told otherwise: two screens."""

DEFAULT_DAYS = 14
"""How long an invite can be used, days."""

STATES = ("draft", "waiting", "received", "delivered", "returned", "withdrawn")
FORMATS = ("csv", "jsonl", "geojson")
ROLES = ("reporter", "coordinator")
SHELLS = ("bash", "zsh", "fish")

ID = Argument(name="ID", target="ref", help="the local number, or at least four hex digits of an id")
SET = Argument(
    name="--set",
    target="changes",
    value="NAME=VALUE",
    parse=assignment,
    repeated=True,
    help="an answer; again for a question that takes several. Others on this machine can read it while "
    "this runs, and the shell remembers it: what must stay private goes by --from",
)
FROM = Argument(
    name="--from",
    target="source",
    value="FILE|-",
    help="answers as a JSON object keyed by question name, repeats as arrays of objects; - is standard input",
)
LIMIT = Argument(
    name="--limit",
    value="N",
    parse=natural,
    default=DEFAULT_LIMIT,
    help=f"how many, {DEFAULT_LIMIT} unless told otherwise; 0 for all",
)
SOURCES = Argument(name="--sources", help="also what the sources lane holds: who the sources are")

PRACTICE = Argument(
    name="--practice",
    help="open the practice vault beside the home: invented reports, and nothing is ever sent",
)

VERBS: tuple[Verb, ...] = (
    Verb(
        path=(),
        run="screens:screens",
        summary="open the screens",
        arguments=(PRACTICE,),
    ),
    Verb(
        path=("init",),
        run="vault:init",
        summary="create a vault",
        details="Offers six generated words as its passphrase; another one is judged first and typed twice. "
        "With --passphrase-fd one line is taken as it is.",
        shape=shapes.CREATED,
    ),
    Verb(
        path=("org", "create"),
        run="organisation:create",
        summary="create an organisation on a server, with this laptop as its first coordinator",
        arguments=(
            Argument(
                name="NAME|-",
                target="name",
                help="the name its coordinators will see; - reads it from standard input, as the first line",
            ),
            Argument(
                name="--server",
                target="ticket",
                value="TICKET|-",
                required=True,
                help="the ticket the server's operator gave; - reads it from standard input",
            ),
            Argument(
                name="--name",
                target="pseudonym",
                value="PSEUDONYM|-",
                default="",
                help="how you will be called yourself; - reads it from standard input, after the ticket",
            ),
        ),
        shape=shapes.ORGANISATION,
    ),
    Verb(
        path=("org", "invite"),
        run="organisation:invite",
        summary="make an invite for one person",
        details="Prints the invite. It can be used once the next `sync` has told the server of it; hand it "
        "over on a channel you trust, because whoever has it can join.",
        arguments=(
            Argument(name="ROLE", choices=ROLES, help="what the person will be"),
            Argument(
                name="NAME|-",
                target="name",
                help="what coordinators will call the person; a pseudonym is best; - reads it from "
                "standard input",
            ),
            Argument(
                name="--days",
                value="N",
                parse=positive,
                default=DEFAULT_DAYS,
                help=f"how long it can be used, {DEFAULT_DAYS} unless told otherwise",
            ),
        ),
        shape=shapes.INVITE,
    ),
    Verb(
        path=("org", "members"),
        run="organisation:members",
        summary="list who belongs to the organisation",
        shape=shapes.MEMBERS,
    ),
    Verb(
        path=("org", "restart-log"),
        run="organisation:restart_log",
        summary="let the log begin anew after the server was restored from an older backup",
        details="For coordinators who manage members, after `pull` found less on the server than it had "
        "pulled before, and after the server's keeper said why. Signs it for each lane concerned, sends what "
        "the server lost, and pulls all again. Nothing held here is given up.",
        arguments=(Argument(name="--yes", help="do not ask for the word `restart` first"),),
        shape=shapes.RESTART,
    ),
    Verb(
        path=("join",),
        run="organisation:join",
        summary="join an organisation with an invite",
        details="On a terminal it shows what the invite says and the words of its fingerprint before "
        "anything is sent, and asks whether they are those the inviter sees, and for a pseudonym. If one "
        "word differs, do not join. Without a link the invite is then kept in the vault, each sync tries it, "
        "and the exit code is 8. With --passphrase-fd or --json nothing is asked, and nothing kept: compare "
        "the words of the fingerprint afterwards.",
        arguments=(
            Argument(
                name="INVITE|-",
                target="invite",
                optional=True,
                help="the invite, or a file that holds it; without it, or with -, it is read from standard "
                "input, in as many lines as it came",
            ),
            Argument(
                name="--name",
                target="pseudonym",
                value="PSEUDONYM|-",
                help="how reports you write name you; else one is made up, such as reporter-3fa2; - reads it "
                "from standard input, after the invite, which is then one line",
            ),
            Argument(name="--yes", help="do not ask whether the words are the same"),
        ),
        shape=shapes.ORGANISATION,
    ),
    Verb(
        path=("new",),
        run="reports:new",
        summary="open a draft and print its number",
        details="Without answers the draft is empty. Nothing is required before `finish`.",
        arguments=(
            Argument(name="--form", value="ID", default="incident", help="the form; else `incident`"),
            FROM,
            SET,
        ),
        shape=shapes.DRAFT,
    ),
    Verb(
        path=("edit",),
        run="reports:edit",
        summary="change answers",
        details="Of a draft in place; a finished report gets a new draft, which `finish` makes its "
        "next revision. Where nothing of it would change, no draft is begun, and it is said.",
        arguments=(
            ID,
            FROM,
            SET,
            Argument(name="--unset", value="NAME", repeated=True, help="remove an answer"),
        ),
        shape=shapes.DRAFT,
    ),
    Verb(
        path=("finish",),
        run="reports:finish",
        summary="make a draft a signed revision that waits to be sent",
        arguments=(
            ID,
            Argument(
                name="--bring-back",
                help="also of a report that was withdrawn: it is sent again and counts again",
            ),
        ),
        shape=shapes.FINISHED,
    ),
    Verb(
        path=("list",),
        run="reports:list_reports",
        summary="list reports, the latest first",
        arguments=(
            Argument(name="--state", value="STATE", choices=STATES, help="only those in this state"),
            LIMIT,
        ),
        shape=shapes.REPORTS,
    ),
    Verb(
        path=("search",),
        run="reports:search",
        summary="list the reports that words, places, kinds and dates find",
        details="Everything asked for must hold: words (all that begin so; in quotation marks, exactly "
        "these), -word, kind:arrest, place:aleppo, after:2026-10, before:2026-10-03, on:2026-10, "
        "state:waiting, state:new, urgency:life. Spelling does not matter: marks, hamza, ta marbuta, "
        "capitals and al- are passed over. The sources lane is not searched.",
        arguments=(
            Argument(
                name="QUERY|-",
                target="query",
                help="what to look for, as one argument; - reads it from standard input, so that the shell "
                "does not remember it",
            ),
            LIMIT,
        ),
        shape=shapes.REPORTS,
    ),
    Verb(
        path=("show",),
        run="reports:show",
        summary="show a report, its revisions and its delivery",
        arguments=(ID, SOURCES),
        shape=shapes.REPORT,
    ),
    Verb(
        path=("history",),
        run="reports:history",
        summary="show how a report came to be: each revision, and what it changed",
        details="The latest first. Of long texts the words that went and came, with some around them.",
        arguments=(ID, SOURCES),
        shape=shapes.HISTORY,
    ),
    Verb(
        path=("duplicate",),
        run="reports:duplicate",
        summary="open a draft that begins with what another report says, and print its number",
        arguments=(ID,),
        shape=shapes.NUMBER,
    ),
    Verb(
        path=("discard",),
        run="reports:discard",
        summary="throw an open draft away; what was finished of the report stays",
        details="It is kept in the vault for an hour, then erased.",
        arguments=(
            ID,
            Argument(name="--undo", help="bring it back, with everything it said and its steps"),
        ),
        shape=shapes.NUMBER,
    ),
    Verb(
        path=("status",),
        run="vault:status",
        summary="say what waits and why",
        shape=shapes.STATUS,
    ),
    Verb(
        path=("doctor",),
        run="vault:doctor",
        summary="explain, in order, everything that stops delivery",
        details="Looks at what it can without a passphrase when there is none to ask for.",
        shape=shapes.FINDINGS,
    ),
    Verb(
        path=("sync",),
        run="exchange:sync",
        summary="send what waits and fetch what is new, in as few requests as possible",
        details="Exit code 8 when something still waits or was refused. With --watch it prints what each "
        "exchange did, with --json a line each; a link that fails is tried again after growing pauses, and a "
        "limit on bytes that was reached ends it.",
        arguments=(
            Argument(name="--max-bytes", value="N", parse=positive, help="send no more than this"),
            Argument(name="--dry-run", help="only say what it would cost"),
            Argument(name="--watch", help="go on, whenever something waits, until ^C"),
        ),
        shape=shapes.SYNC,
    ),
    Verb(
        path=("pull",),
        run="exchange:pull",
        summary="fetch, verify and open the reports of all members",
        details="For coordinators. Exit code 8 when reports are missing or wait for a key, 7 when a device "
        "has shown two versions of its history.",
        arguments=(Argument(name="--watch", help="go on, every few minutes, until ^C"),),
        shape=shapes.PULL,
    ),
    Verb(
        path=("export",),
        run="publish:export",
        summary="write the reports to a file",
        arguments=(
            Argument(name="OUT", help="the file to write; it must not exist yet"),
            Argument(
                name="--format",
                target="kind",
                value="F",
                choices=FORMATS,
                required=True,
                help="how to write them",
            ),
            SOURCES,
        ),
        shape=shapes.EXPORT,
    ),
    Verb(
        path=("withdraw",),
        run="reports:withdraw",
        summary="take back a sent report: a record that says so, not a deletion",
        arguments=(
            ID,
            Argument(
                name="--reason",
                value="TEXT|-",
                help="why, for the coordinators; - reads it from standard input, --plain asks for it",
            ),
        ),
        shape=shapes.REPORT_LINE,
    ),
    Verb(
        path=("backup",),
        run="care:backup",
        summary="copy the whole vault into one encrypted file",
        details="Works while the screens are open. The file is read back before it gets its name, and never "
        "written over another. It opens with the passphrase of today. Settings and keymap are not in it.",
        arguments=(Argument(name="FILE", target="file", help="a new file, best on a stick"),),
        shape=shapes.BACKED_UP,
    ),
    Verb(
        path=("restore",),
        run="care:restore",
        summary="make a vault from a backup, where there is none",
        details="Asks for the passphrase of when the backup was made. Checks every byte first; where any of "
        "it is wrong, nothing is made. If the laptop it came from still sends, both go on and both are told.",
        arguments=(Argument(name="FILE", target="file", help="what `fieldkit backup` wrote"),),
        shape=shapes.RESTORED,
    ),
    Verb(
        path=("wipe",),
        run="care:wipe",
        summary="panic erase: destroy the key slots, then the vault's other files",
        details="Needs no passphrase. In the screens: F12 twice within two seconds. What it cannot reach: "
        "copies and backups made earlier, and old pages that flash disks keep. Exit code 8 when the vault "
        "opens no more but some file could not be removed.",
        arguments=(
            Argument(name="--yes", help="do not ask for the word `erase` first"),
            Argument(
                name="--drill",
                help="practise: on a throw-away folder beside the home; the vault stays as it is",
            ),
        ),
        shape=shapes.WIPED,
    ),
    Verb(
        path=("completion",),
        run="completion:completion",
        summary="print what makes a shell complete verbs and options",
        details="For bash: `source <(fieldkit completion bash)` in ~/.bashrc. For zsh: save it as _fieldkit "
        "in a folder of $fpath. For fish: save it as ~/.config/fish/completions/fieldkit.fish. It opens no "
        "vault.",
        arguments=(Argument(name="SHELL", help="which shell", choices=SHELLS),),
        shape=shapes.COMPLETION,
    ),
    Verb(
        path=("demo",),
        run="demo:demo",
        summary="carry reports from a keyboard to an export on this machine",
        details="With a real server process and TLS on loopback, and a link that is cut in the middle.",
        arguments=(
            Argument(name="--keep", value="DIR", help="leave the homes and exports in this new folder"),
        ),
        shape=shapes.DEMO,
    ),
)
