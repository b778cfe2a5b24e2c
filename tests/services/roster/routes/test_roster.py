"""/sup/roster: the workbook is checked, refused with every mistake, and imported by the form without script."""

from __future__ import annotations

import io

from services.roster.service import SERVICE
from shared.http.app import create_web
from shared.service import Runtime
from tests.factories.directory import directory
from tests.factories.workbook import NEW_DOCTOR, only, two_counties, workbook
from tests.services.roster.routes.test_directory import people
from tests.services.roster.routes.test_programmes import csrf
from tests.web.visitors import signed_in


def test_the_workbook_is_checked_refused_and_imported_by_the_page(rt: Runtime) -> None:
    directory(rt, two_counties())
    client = signed_in(create_web(rt, [SERVICE]), rt, "A1", "supporter_admin")
    page, before = client.get("/sup/roster").text, people(rt)

    def send(data: bytes, act: str):
        return client.post("/sup/roster", data={"csrf_token": csrf(page), "act": act, "file": (io.BytesIO(data), "名单.xlsx")})

    good, bad = workbook(only(人员=[NEW_DOCTOR])), workbook(only(人员=[NEW_DOCTOR, NEW_DOCTOR]))
    refused, checked = send(bad, "import"), send(good, "check")
    assert (refused.status_code, checked.status_code, people(rt)) == (422, 200, before)
    assert "没有导入任何一行" in refused.text
    assert "人员 第 4 行" in refused.text
    assert "检查通过,还没有导入:将新建 1 项" in checked.text
    assert "已导入:新建 1 项" in send(good, "import").text
    assert people(rt) == before + 1
    assert "未变 1 项" in send(good, "import").text


def test_the_empty_workbook_is_offered(rt: Runtime) -> None:
    directory(rt, two_counties())
    client = signed_in(create_web(rt, [SERVICE]), rt, "A1", "supporter_admin")
    assert client.get("/sup/roster/template.xlsx").data[:2] == b"PK"
