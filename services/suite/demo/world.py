"""The demo world as a roster workbook: one county, one sending hospital, five health centres, invented people. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from services.suite.demo.names import people
from shared.calendar import Calendar, month_days, months_between

PROGRAMME = "zhongzhan-demo"
MARK = "QH"
"""Every code of the demo world begins so."""
GUEST = 0
"""Number of the physician whose present day stays free."""
COUNTY, CITY, SUPPORTER = f"{MARK}-WJ", f"{MARK}-SWJ", f"{MARK}-YY"
POSTED_MONTHS = 12
LAST_DAY = dt.date(2027, 12, 31)
"""The demo programme ends with it."""

CENTRES = (
    ("柳岸社区卫生服务中心", "未达标", 1), ("石桥社区卫生服务中心", "未达标", 1), ("东篱社区卫生服务中心", "基本标准", 1),
    ("南塘社区卫生服务中心", "推荐标准", 2), ("杏林社区卫生服务中心", "创建中", 1),
)  # fmt: skip
"""Name, level, number of sites."""
CYCLE = (
    (0, "驻点"), (2, "巡诊"), (4, "工作专班"), (1, "驻点"), (3, "巡诊"), (0, "驻点"), (1, "驻点"), (4, "驻点"),
    (0, "驻点"), (1, "驻点"), (2, "巡诊"), (4, "工作专班"), (3, "巡诊"), (4, "驻点"), (0, "驻点"), (1, "驻点"),
    (2, "巡诊"), (4, "驻点"), (3, "巡诊"), (0, "驻点"), (1, "驻点"), (4, "工作专班"), (2, "巡诊"), (4, "驻点"),
)  # fmt: skip
"""Centre and mode of the first, second … physician; it starts again after 24."""
MODES = {"驻点": "resident", "巡诊": "rounds", "工作专班": "taskforce"}
SPECIALTIES = ("内科", "全科", "外科", "中医", "儿科", "妇产科", "口腔")
TITLES = ("主治医师", "副主任医师", "主治医师", "主任医师", "主治医师", "医师")


@dataclass(frozen=True)
class Physician:
    """One posted physician: codes of person, posting and clinics, and the duty pattern (weekday, session, clinic)."""

    number: int
    code: str
    posting: str
    name: str
    mode: str
    centre: int
    specialty: str
    clinics: tuple[str, ...]
    pattern: tuple[tuple[int, str, str], ...]
    leader: bool


@dataclass(frozen=True)
class World:
    """The world and the dates its play runs over (both included)."""

    seed: int
    start: dt.date
    today: dt.date
    physicians: tuple[Physician, ...]
    rows: dict[str, list[list[Any]]]

    @property
    def end(self) -> dt.date:
        """Last day of the postings."""
        return min(months_later(self.start, POSTED_MONTHS) - dt.timedelta(days=1), LAST_DAY)


def recipient(centre: int) -> str:
    """Code of a centre."""
    return f"{MARK}-SQ{centre + 1}"


def clinic_place(code: str) -> tuple[int, int]:
    """Latitude and longitude of a clinic in 1e-6 degree (WGS-84): a grid in which no two lie within 2 km."""
    centre, site = code.removeprefix(f"{MARK}-SQ").split("-")
    return 35_244_000 + 30_000 * int(centre), 113_236_000 + 40_000 * int(site)


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day so many months later (or, negative, before), or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    days = month_days(f"{year:04d}-{month + 1:02d}")
    return days[min(day.day, len(days)) - 1]


def build(months: int, physicians: int, seed: int, today: dt.date, calendar: Calendar) -> World:
    """The world of a seed: the same for the same arguments."""
    start = calendar.first_workday_on_or_after(months_later(today, -months))
    rng = Random(f"{seed}/world")
    names = people(rng, physicians + len(_OFFICES) + 2 * len(CENTRES))
    posted = tuple(_physician(n, names[n], rng) for n in range(physicians))
    world = World(seed, start, today, posted, {})
    world.rows.update(_rows(world, names[physicians:]))
    return world


def _physician(number: int, name: str, rng: Random) -> Physician:
    centre, word = CYCLE[number % len(CYCLE)]
    clinics = tuple(f"{recipient(centre)}-{site + 1}" for site in range(CENTRES[centre][2]))
    if word == "驻点":
        clinics = clinics[:1]
    return Physician(
        number, f"{MARK}{number + 1:03d}", f"{MARK}-P{number + 1:03d}", name, MODES[word], centre,
        SPECIALTIES[number % len(SPECIALTIES)], clinics, tuple(_pattern(word, clinics, rng)),
        leader=number < len(CYCLE) and CYCLE[number] not in CYCLE[:number],
    )  # fmt: skip


def _pattern(word: str, clinics: tuple[str, ...], rng: Random) -> Iterator[tuple[int, str, str]]:
    """Rounds: fixed person, place, time (ZZ-10): two whole days at each clinic, one half-day more than ZZ-19 asks."""
    if word != "巡诊":
        return
    weekdays = rng.sample(range(5), 2 * len(clinics))
    for n, weekday in enumerate(weekdays):
        yield from ((weekday, half, clinics[n // 2]) for half in ("am", "pm"))


_OFFICES = (
    ("A1", "支援医院医务科", SUPPORTER), ("A2", "支援医院质控办", SUPPORTER), ("A3", "支援医院人事科", SUPPORTER),
    ("C1", "县级卫健部门", COUNTY), ("C2", "市级卫健部门", CITY), ("S1", "系统管理员", COUNTY),
    ("S2", "安全管理员", COUNTY), ("S3", "审计管理员", COUNTY),
)  # fmt: skip


def _rows(world: World, names: list[str]) -> dict[str, list[list[Any]]]:
    """The sheets, cells in the order of forms.md §12."""
    return {
        "机构": _organisations(), "执业点": list(_clinics()), "人员": [*_physicians(world), *_staff(names)],
        "席位": [_seat(world, one) for one in world.physicians if one.mode != "taskforce"],
        "协议": [_agreement(world, centre) for centre in range(len(CENTRES))],
        "派驻": [_posting(world, one) for one in world.physicians], "排班": list(_rosters(world)),
    }  # fmt: skip


def _organisations() -> list[list[Any]]:
    return [
        [CITY, "云川市卫生健康委员会", "市级卫健"],
        [COUNTY, "青禾区卫生健康委员会", "县级卫健", None, CITY],
        [SUPPORTER, "青禾区人民医院", "支援医院", COUNTY, CITY, None, None, "0000-6000001", "0000-6000002"],
        *(
            [recipient(n), name, "受援机构", COUNTY, CITY, None, level, f"0000-61000{n}1", f"0000-61000{n}2"]
            for n, (name, level, _) in enumerate(CENTRES)
        ),
    ]


def _clinics() -> Iterator[list[Any]]:
    for centre, (name, _, sites) in enumerate(CENTRES):
        for site in range(sites):
            title = name if site == 0 else name.replace("中心", "北站")
            yield [
                f"{recipient(centre)}-{site + 1}",
                title,
                recipient(centre),
                f"青禾区演示路 {centre + 1}{site + 1} 号",
                *(f"{part / 1e6:.6f}" for part in clinic_place(f"{recipient(centre)}-{site + 1}")), "WGS84",
            ]  # fmt: skip


def _physicians(world: World) -> Iterator[list[Any]]:
    for one in world.physicians:
        rng = Random(f"{world.seed}/{one.code}/person")
        title = TITLES[one.number % len(TITLES)]
        yield [
            one.code, one.name, phone(one.number + 1), SUPPORTER, "派驻医师;组长" if one.leader else "派驻医师", None,
            rng.choice("男女"), f"{rng.randint(1970, 1994)}-{rng.randint(1, 12):02d}", f"{rng.randint(0, 9999):04d}",
            title, dt.date(rng.randint(2012, 2024), rng.randint(1, 12), 1), f"{MARK}YS{one.number + 1:06d}",
            dt.date(rng.randint(2000, 2011), rng.randint(1, 12), 1), "口腔" if one.specialty == "口腔" else
            "中医" if one.specialty == "中医" else "临床", one.specialty,
        ]  # fmt: skip


def _staff(names: list[str]) -> Iterator[list[Any]]:
    rest = iter(names)
    for n, (code, role, organisation) in enumerate(_OFFICES):
        yield [f"{MARK}-{code}", next(rest), phone(900 + n), organisation, role]
    for centre in range(len(CENTRES)):
        yield [f"{MARK}-R{centre + 1}", next(rest), phone(920 + centre), recipient(centre), "受援医院医务科"]
        yield [f"{MARK}-W{centre + 1}", next(rest), phone(940 + centre), recipient(centre), "见证人"]


def phone(number: int) -> str:
    """A number of the range kept for demonstration."""
    return f"139{number:08d}"


def _seat(world: World, one: Physician) -> list[Any]:
    word = next(word for word, mode in MODES.items() if mode == one.mode)
    return [f"{MARK}-X{one.number + 1:03d}", SUPPORTER, recipient(one.centre), one.specialty, word, world.start]


def _agreement(world: World, centre: int) -> list[Any]:
    signed = world.start - dt.timedelta(days=10)
    targets = "lectures=12;new_techniques=1;trainees_completed=2"
    return [f"{MARK}-XY{centre + 1}", PROGRAMME, SUPPORTER, recipient(centre), signed, world.start, world.end, targets]


def _posting(world: World, one: Physician) -> list[Any]:
    word = next(word for word, mode in MODES.items() if mode == one.mode)
    seat = None if one.mode == "taskforce" else f"{MARK}-X{one.number + 1:03d}"
    return [
        one.posting, one.code, PROGRAMME, f"{MARK}-XY{one.centre + 1}", recipient(one.centre), ";".join(one.clinics),
        word, seat, "是" if one.leader else None, world.start, world.end, f"青卫备〔{world.start.year}〕{one.number + 1} 号",
    ]  # fmt: skip


def _rosters(world: World) -> Iterator[list[Any]]:
    """Rounds are rostered for every month played and the next one."""
    last = min(months_later(world.today, 1), world.end)
    for one in world.physicians:
        for month in months_between(world.start, last) if one.pattern else ():
            for weekday, session, clinic in one.pattern:
                word = "上午" if session == "am" else "下午"
                yield [one.posting, month, f"星期{'一二三四五'[weekday]}", word, clinic]
