"""Who may do what in the database, exactly: what is written beside the SQL, and what is there."""

import tomllib
from collections.abc import Iterator
from importlib import resources
from typing import Any, NamedTuple

import psycopg

from os_events.eventlog.database import (
    ACCESS,
    AUDITOR,
    FOLLOWER,
    KEEPER,
    LEDGER,
    LOGIN,
    READER,
    VAULT,
    WRITER,
)

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
MEMBERS = """SELECT granted.rolname, member.rolname
    FROM pg_auth_members m
    JOIN pg_roles granted ON granted.oid = m.roleid JOIN pg_roles member ON member.oid = m.member
    WHERE granted.rolname = ANY (%s)"""
MIGHTY = """SELECT rolname FROM pg_roles WHERE rolname = ANY (%s)
    AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls
         OR rolcanlogin <> (rolname = 'os_app') OR (rolinherit AND rolname = 'os_app'))"""

# What os_app may become, and the roles of which nobody may be a member.
TAKEN = {
    "log": (WRITER, FOLLOWER, READER, LEDGER, VAULT, AUDITOR, ACCESS),
    "keys": (KEEPER,),
}
NOBODYS = ("os_owner", "os_appender", "os_eraser")


class Privilege(NamedTuple):
    """One grant. Shape: ``what`` is SQL's, or ``owner``; a function's name ends in ``()``."""

    on: str
    role: str
    what: str

    def sql(self, *, grant: bool) -> str:
        """Write the statement that gives it, or takes it away."""
        kind = "FUNCTION" if self.on.endswith("()") else "TABLE" if "." in self.on else "SCHEMA"
        name = self.on.removesuffix("()")
        if self.what == OWNER:
            return f"ALTER {kind} {name} OWNER TO {self.role}"
        verb, to = ("GRANT", "TO") if grant else ("REVOKE", "FROM")
        return f"{verb} {self.what} ON {kind} {name} {to} {self.role}"


def expected(folder: str) -> set[Privilege]:
    """Read what is written beside the SQL of a folder."""
    file = resources.files("os_events.eventlog").joinpath("sql", folder, "privileges.toml")
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


def mended(connection: psycopg.Connection[Any], folder: str) -> Iterator[str]:
    """Write the SQL that makes privileges as they must be; nothing when they are."""
    wanted = expected(folder)
    schemas = {privilege.on for privilege in wanted if "." not in privilege.on}
    whole = {privilege.on.partition(".")[0] for privilege in wanted if "." in privilege.on}
    arguments = {"whole": list(whole), "schemas": list(schemas)}
    there = {Privilege(*row) for row in connection.execute(GRANTED, arguments)}
    for extra in sorted(there - wanted):
        if extra.what != OWNER:
            yield extra.sql(grant=False)
    for missing in sorted(wanted - there):
        yield missing.sql(grant=True)


def roles_mended(connection: psycopg.Connection[Any], folder: str) -> Iterator[str]:
    """Write the SQL that makes members of roles, and what roles are able to, as they must be."""
    ours = [role for roles in TAKEN.values() for role in roles]
    members = set(connection.execute(MEMBERS, ([*ours, *NOBODYS],)).fetchall())
    for role, member in sorted(members):
        if role in NOBODYS or member != LOGIN:
            yield f"REVOKE {role} FROM {member}"
    for role in TAKEN[folder]:
        if (role, LOGIN) not in members:
            yield f"GRANT {role} TO {LOGIN}"
    for (role,) in connection.execute(MIGHTY, ([*ours, *NOBODYS, LOGIN],)):
        login = "LOGIN NOINHERIT" if role == LOGIN else "NOLOGIN"
        able = "NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS"
        yield f"ALTER ROLE {role} {login} {able}"
