"""Upload, list and activate versions of programme files: a file with a problem is not stored at all."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.roster.store.load import lock
from services.roster.usecases.programmes import next_month, versions_of
from shared import clock
from shared.calendar import month_days
from shared.directory import lookup
from shared.directory.models import Person, Posting, ProgrammeVersion
from shared.ids import new_id
from shared.problems import NotFound, Problem
from shared.roles import Principal
from shared.rules.check import RuleProblem, check_files
from shared.rules.load import Programme, load_programme
from shared.rules.warn import warnings
from shared.service import Runtime

MAX_BYTES = 256 * 1024
MONTH = re.compile(r"20\d{2}-(0[1-9]|1[0-2])\Z", re.ASCII)
SHA = re.compile(r"(sha256:)?([0-9a-f]{8,64})\Z", re.ASCII)


class ProgrammeInvalid(Problem):
    """The programme file has problems, all of them in `errors` as {file, rule, key, code, message}; nothing was stored."""

    status, slug, title = 422, "programme-invalid", "规则文件有 {n} 处需要修改,没有保存"

    def __init__(self, problems: Sequence[RuleProblem]) -> None:
        self.problems = tuple(problems)
        errors = [problem.to_dict() for problem in problems]
        super().__init__(f"{len(errors)} problems in the programme file", n=len(errors), errors=errors)


class MonthBegun(Problem):
    """A version is to count from a month that has begun; such a month keeps the version it began with."""

    status, slug, title = 422, "month-begun", "只能从还没有开始的月份起生效,最早 {earliest}"


class AlreadyCounts(Problem):
    """The version counts since a month that has begun: its first month stays."""

    status, slug, title = 409, "version-counts", "这个版本从{since}起已经生效,不能更改生效月份"


class ModeInUse(Problem):
    """Postings of the months to come are in modes the version does not have."""

    status, slug, title = 409, "mode-in-use", "这个版本里没有派驻正在使用的方式:{modes}"


@dataclass(frozen=True)
class Version:
    """A version of a programme file as shown. `in_use`: the present month is judged by it; `superseded`: another version
    from the same month was activated after it, so that it counts for no month.

    first_month "" with activated_at = from the programme's beginning; activated_at None = stored, does not count yet.
    """

    id: str
    programme_id: str
    title: str
    sha256: str
    first_month: str
    activated_at: str | None
    created_at: str
    uploaded_by: str | None
    in_use: bool
    superseded: bool
    rules: int
    warnings: list[dict[str, object]]

    def to_dict(self) -> dict[str, object]:
        """As the answer of the API and of `--json`."""
        return asdict(self)


def upload(rt: Runtime, name: str, data: bytes, who: Principal | None = None) -> tuple[Version, bool]:
    """Store a programme file for a principal, or for the machine's own shell (None); it does not count before `activate`.

    Gives the version and whether it is new: the same bytes are the same version. Raises ProgrammeInvalid.
    """
    name = name.replace("\\", "/").rpartition("/")[2][:120] or "programme.toml"
    if len(data) > MAX_BYTES:
        raise ProgrammeInvalid([RuleProblem(name, "-", "-", "toml_syntax", f"文件太大,最多 {MAX_BYTES // 1024} KB")])
    with rt.db.transaction() as session:
        lock(session)
        programme = _checked(session, name, data)
        known = {row.sha256: row for row in versions_of(session, programme.id)}
        row = known.get(programme.sha256)
        if row is None:
            row = ProgrammeVersion(
                id=new_id(), programme_id=programme.id, sha256=programme.sha256, text=data.decode("utf-8"), first_month=None,
                uploaded_by=(who.person_id or who.account_id) if who else None, created_at=clock.now(), activated_at=None,
            )  # fmt: skip
            session.add(row)
            session.flush()
        return _shown(session, [row])[0], programme.sha256 not in known


def _checked(session: Session, name: str, data: bytes) -> Programme:
    """The file against the language and the ids of every other programme. Raises ProgrammeInvalid with its problems."""
    query = sa.select(ProgrammeVersion.programme_id, ProgrammeVersion.text).where(
        ProgrammeVersion.activated_at.is_not(None), ProgrammeVersion.programme_id != name.removesuffix(".toml")
    )
    newest = query.order_by(sa.func.coalesce(ProgrammeVersion.first_month, ""), ProgrammeVersion.activated_at)
    others = {f"{row.programme_id}.toml": row.text.encode() for row in session.execute(newest)}
    problems = [problem for problem in check_files([*others.items(), (name, data)]) if problem.file == name]
    if problems:
        raise ProgrammeInvalid(problems)
    return load_programme(data, name)


def listing(rt: Runtime) -> list[Version]:
    """Every stored version, by programme, the newest first."""
    with rt.db.read() as session:
        newest = ProgrammeVersion.created_at.desc(), ProgrammeVersion.id.desc()
        query = sa.select(ProgrammeVersion).order_by(ProgrammeVersion.programme_id, *newest)
        return _shown(session, session.scalars(query).all())


def stored(session: Session, _who: Principal | None, version_id: str) -> ProgrammeVersion:
    """The version with this id. Raises NotFound."""
    row = session.get(ProgrammeVersion, version_id)
    if row is None:
        raise NotFound(f"no version {version_id}")
    return row


def by_sha(rt: Runtime, sha: str) -> str:
    """The id of the version whose hash begins so (8 digits or more, `sha256:` may be left out). Raises NotFound."""
    match = SHA.match(sha)
    if match is None:
        raise NotFound(f"not a hash: {sha}")
    with rt.db.read() as session:
        begins = ProgrammeVersion.sha256.startswith(f"sha256:{match[2]}")
        found = session.scalars(sa.select(ProgrammeVersion.id).where(begins)).all()
    if len(found) != 1:
        raise NotFound(f"{len(found)} versions with the hash {sha}")
    return found[0]


def activate(rt: Runtime, version_id: str, first_month: str) -> Version:
    """Let a version count from a month that has not begun; until then the month may be changed.

    Raises NotFound, MonthBegun, AlreadyCounts or ModeInUse; then nothing is changed.
    """
    earliest = next_month()
    if not MONTH.match(first_month) or first_month < earliest:
        raise MonthBegun(f"{first_month} is no month that has not begun", earliest=earliest)
    with rt.db.transaction() as session:
        lock(session)
        row = stored(session, None, version_id)
        if row.activated_at is not None and (row.first_month or "") < earliest:
            since = f" {row.first_month} " if row.first_month else "项目开始"
            raise AlreadyCounts(f"version {row.sha256} counts since {row.first_month}", since=since)
        _keep_modes(session, row, first_month)
        row.first_month, row.activated_at = first_month, clock.now()
        session.flush()
        return _shown(session, [row])[0]


def _keep_modes(session: Session, row: ProgrammeVersion, first_month: str) -> None:
    """Postings open in the first month or later must find their mode in the version. Raises ModeInUse."""
    query = sa.select(Posting.mode).distinct().where(Posting.programme_id == row.programme_id)
    open_ = sa.or_(Posting.end.is_(None), Posting.end >= month_days(first_month)[0])
    if missing := sorted(set(session.scalars(query.where(open_))) - set(_read(row.programme_id, row.text).modes)):
        raise ModeInUse(f"modes {missing} are in use", modes="、".join(missing))


def _shown(session: Session, rows: Iterable[ProgrammeVersion]) -> list[Version]:
    found = list(rows)
    names = lookup.names(session, Person, {row.uploaded_by for row in found if row.uploaded_by})
    current = {name: lookup.programme(session, name, clock.today()).sha256 for name in lookup.programme_ids(session)}
    years = lookup.calendar(session).complete_years
    counting = _counting(session)
    return [_version(row, names, current, years, counting) for row in found]


def _counting(session: Session) -> frozenset[str]:
    """Ids of the versions that count for some month: of each programme and first month the one activated last."""
    query = sa.select(ProgrammeVersion).where(ProgrammeVersion.activated_at.is_not(None))
    rows = session.scalars(query.order_by(ProgrammeVersion.activated_at))
    return frozenset({(row.programme_id, row.first_month): row.id for row in rows}.values())


def _version(
    row: ProgrammeVersion, names: Mapping[str, str], current: Mapping[str, str], years: frozenset[int],
    counting: frozenset[str],
) -> Version:  # fmt: skip
    read = _read(row.programme_id, row.text)
    found = warnings([(f"{row.programme_id}.toml", row.text.encode())], years)
    begun = row.activated_at is not None and (row.first_month or "") < next_month()
    return Version(
        id=row.id, programme_id=row.programme_id, title=read.title, sha256=row.sha256, first_month=row.first_month or "",
        activated_at=clock.iso(row.activated_at) if row.activated_at else None, created_at=clock.iso(row.created_at),
        uploaded_by=names.get(row.uploaded_by or ""), in_use=begun and row.sha256 == current.get(row.programme_id),
        superseded=row.activated_at is not None and row.id not in counting, rules=len(read.rules), warnings=[warning.to_dict() for warning in found],
    )  # fmt: skip


@functools.lru_cache(maxsize=64)
def _read(programme_id: str, text: str) -> Programme:
    """The parsed file of a version; a text never changes under its version."""
    return load_programme(text.encode(), programme_id)
