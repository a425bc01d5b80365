"""Who may do what in the database, exactly: what is written beside the SQL, and what is there."""

import tomllib
from collections.abc import Iterator
from importlib import resources
from typing import Any, NamedTuple

import psycopg

from os_events.eventlog.database import FIGURES, LOGIN

OWNER = "owner"

GRANTED = """
    WITH object AS (
        SELECT nspname AS schema, nspname::text AS name, nspowner AS owner,
               coalesce(nspacl, acldefault('n', nspowner)) AS acl
        FROM pg_namespace
        UNION ALL
        SELECT nspname, nspname || '.' || relname, relowner,
               coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END,
                                           relowner))
        FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
        WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
        UNION ALL
        SELECT nspname, nspname || '.' || relname || '.' || attname, relowner, attacl
        FROM pg_attribute
        JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n ON n.oid = relnamespace
        WHERE attacl IS NOT NULL
        UNION ALL
        SELECT nspname, nspname || '.' || proname || '()', proowner,
               coalesce(proacl, acldefault('f', proowner))
        FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace
    )
    SELECT name, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee) END, privilege_type
    FROM object CROSS JOIN LATERAL aclexplode(acl)
    WHERE (schema = ANY (%(whole)s) OR name = ANY (%(schemas)s)) AND grantee <> owner
    UNION ALL
    SELECT name, pg_get_userbyid(owner), 'owner' FROM object
    WHERE schema = ANY (%(whole)s) OR name = ANY (%(schemas)s)
"""
MEMBERS = r"""SELECT granted.rolname, member.rolname
    FROM pg_auth_members m
    JOIN pg_roles granted ON granted.oid = m.roleid JOIN pg_roles member ON member.oid = m.member
    WHERE member.rolname LIKE 'os\_%%'
       OR (granted.rolname LIKE 'os\_%%' AND granted.rolname <> %(login)s
           AND NOT (granted.rolname = %(open)s AND member.rolname NOT LIKE 'os\_%%'))"""
MIGHTY = r"""SELECT rolname FROM pg_roles WHERE rolname LIKE 'os\_%%'
    AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls
         OR rolcanlogin <> (rolname = %(login)s) OR (rolinherit AND rolname = %(login)s))
    ORDER BY rolname"""
UNABLE = "NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS"

Connection = psycopg.Connection[Any]
PUBLIC = "PUBLIC"
OURS = "os_"  # how our roles are called
NOBODYS = frozenset({"os_owner", "os_appender", "os_eraser"})  # nobody may be a member of these


class Privilege(NamedTuple):
    """One grant. Shape: ``what`` is SQL's, or ``owner``; a function's name ends in ``()``."""

    on: str
    role: str
    what: str

    def sql(self, *, grant: bool) -> str:
        """Write the statement that gives it, or takes it away."""
        kind = "FUNCTION" if self.on.endswith("()") else "TABLE" if "." in self.on else "SCHEMA"
        name, what = self.on.removesuffix("()"), self.what
        if what == OWNER:
            return f"ALTER {kind} {name} OWNER TO {self.role}"
        if (parts := name.rpartition("."))[0].count("."):  # of a column
            name, what = parts[0], f"{what} ({parts[2]})"
        verb, to = ("GRANT", "TO") if grant else ("REVOKE", "FROM")
        return f"{verb} {what} ON {kind} {name} {to} {self.role}"


def written_beside(package: str, folder: str) -> set[Privilege]:
    """Read ``privileges.toml``, which lies beside the migrations in ``folder`` of a package."""
    file = resources.files(package).joinpath(*folder.split("/"), "privileges.toml")
    table: dict[str, dict[str, list[str]]] = tomllib.loads(file.read_text(encoding="utf-8"))
    owners = table.pop("owners")
    granted = {
        Privilege(on, role, what)
        for what, objects in table.items()
        for on, roles in objects.items()
        for role in roles
    }
    return granted | {
        Privilege(on, role, OWNER) for role, objects in owners.items() for on in objects
    }


def log_privileges() -> set[Privilege]:
    """Give those in the log's database, on what the log keeps."""
    return written_beside("os_events.eventlog", "sql/log")


def keys_privileges() -> set[Privilege]:
    """Give those in the database of data keys."""
    return written_beside("os_events.eventlog", "sql/keys")


def mended(connection: Connection, wanted: set[Privilege]) -> Iterator[str]:
    """Write the SQL that makes privileges and roles as they must be; nothing when they are."""
    schemas = {privilege.on for privilege in wanted if "." not in privilege.on}
    whole = {privilege.on.partition(".")[0] for privilege in wanted if "." in privilege.on}
    arguments = {"whole": list(whole), "schemas": list(schemas)}
    there = {Privilege(*row) for row in connection.execute(GRANTED, arguments)}
    for extra in sorted(there - wanted):
        if extra.what != OWNER:
            yield extra.sql(grant=False)
    for missing in sorted(wanted - there):
        yield missing.sql(grant=True)
    yield from _roles_mended(connection, {one.role for one in wanted} - NOBODYS - {PUBLIC})


def _roles_mended(connection: Connection, taken: set[str]) -> Iterator[str]:
    members = set(connection.execute(MEMBERS, {"login": LOGIN, "open": FIGURES}).fetchall())
    for role, member in sorted(members):
        if member != LOGIN or role in NOBODYS or not role.startswith(OURS):
            yield f"REVOKE {role} FROM {member}"
    for role in sorted(taken):
        if (role, LOGIN) not in members:
            yield f"GRANT {role} TO {LOGIN}"
    for (role,) in connection.execute(MIGHTY, {"login": LOGIN}):
        login = "LOGIN NOINHERIT" if role == LOGIN else "NOLOGIN"
        yield f"ALTER ROLE {role} {login} {UNABLE}"
