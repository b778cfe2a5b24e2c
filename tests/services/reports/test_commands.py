"""`zhudian report monthly`: four files, their paths and the key figures; mistakes end with exit code 2."""

import pytest
from typer.testing import CliRunner

from services.reports.commands import app
from services.reports.usecases import monthly
from tests.services.reports.drawn import report
from tests.services.reports.places import MONTH


@pytest.fixture
def run(world):
    return lambda *arguments: CliRunner().invoke(app, ["report", "monthly", *arguments], obj=lambda: world)


def test_it_writes_every_format_and_prints_paths_and_figures(run, tmp_path):
    done = run("SQ", MONTH, "--out", str(tmp_path / "out"))
    assert done.exit_code == 0, done.output
    files = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert files == [f"zhongzhan-demo-SQ-202611-01.{suffix}" for suffix in ("docx", "html", "pdf", "xlsx")]
    assert all(str(tmp_path / "out" / name) in done.output for name in files)
    assert "应到 42 人天,实到 3" in done.output
    assert "到岗率: " in done.output


def test_without_a_folder_the_files_lie_under_var(run, world):
    assert run("SQ", MONTH).exit_code == 0
    assert (world.settings.var / "out" / "zhongzhan-demo-SQ-202611-01.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(
    "arguments", [("XX", MONTH), ("SQ", "2026-13"), ("SQ", "2026-11.pdf"), ("SQ", "2027-05"), ("YY", MONTH)]
)
def test_bad_input_does_nothing_and_exits_with_2(run, world, arguments):
    done = run(*arguments)
    assert done.exit_code == 2
    assert done.stderr.strip()
    assert not (world.settings.var / "out").exists()


def test_the_written_page_points_to_the_written_workbook():
    """A long table of the saved page leads to the file beside it, not to an address of the server."""
    made = monthly.Made(report("sixty"), "0" * 64, stored=False)
    page = monthly.render(made, "html", beside=made.name).decode()
    assert f'href="{made.name}.xlsx"' in page
    assert 'href="2026-11.xlsx"' in monthly.render(made, "html").decode()
