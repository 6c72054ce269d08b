"""The meeting on the wall: nothing is cut on any screen, every key does its work, no decision is lost or kept twice."""

import re
import shutil
from contextlib import contextmanager
from threading import Thread

import pytest
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from dashboard.__main__ import main
from dashboard.store import Store
from tests.browser.conftest import Watched

SIZES = [(1920, 1080), (3840, 2160), (1366, 768), (1024, 768)]
# What the eye would find wrong on the slide that is shown: texts beyond their box, beyond the screen, on one another,
# or too small. The boxes of glyphs reach beyond their line, hence the narrower ones.
MEASURE = """
() => {
  const unit = Math.min(innerWidth / 1920, innerHeight / 1080), found = [];
  const slide = document.querySelector(".slide[data-now]");
  const words = (one) => one.textContent.trim().slice(0, 24);
  const say = (what, one) => found.push(`${what}: ${one.className || one.tagName} “${words(one)}”`);
  const isShown = (one) => one.checkVisibility({ checkVisibilityCSS: true });
  const page = document.documentElement;
  if (page.scrollWidth > innerWidth || page.scrollHeight > innerHeight) found.push("scroll bars");
  const bar = document.querySelectorAll(".meeting-bar, .meeting-bar *");
  const boxes = [slide, ...slide.querySelectorAll("*"), ...bar].filter(isShown);
  for (const one of boxes) {
    const hair = 0.25 * parseFloat(getComputedStyle(one).fontSize);
    if (getComputedStyle(one).display === "inline" || one.matches(".ruler, .ruler *")) continue;
    if (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + hair) say("overflows", one);
  }
  const texts = [];
  for (const one of boxes) {
    for (const node of one.childNodes) {
      if (node.nodeType !== 3 || !node.textContent.trim()) continue;
      const size = parseFloat(getComputedStyle(one).fontSize) / unit;
      const least = one.matches("h2, h2 *") ? 64 : one.matches(".panel:not(.meet-flow *) > .meet-big b") ? 112 : 26;
      if (size < least - 0.1) say(`${size.toFixed(0)} px`, one);
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) {
        const isIn = box.left > -1 && box.top > -1 && box.right < innerWidth + 1 && box.bottom < innerHeight + 1;
        if (!isIn) say("off the screen", one);
        const less = 0.22 * box.height;
        texts.push([box.left + 1, box.top + less, box.right - 1, box.bottom - less, one]);
      }
    }
  }
  texts.forEach((a, i) => texts.slice(i + 1).forEach((b) => {
    if (a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]) say(`on “${words(b[4])}”`, a[4]);
  }));
  return found;
}
"""
# Rows that stand on no part of their slide, and what gives way to them: nobody may look for either in vain.
MARK = """
() => document.querySelectorAll(".slide[data-now] [data-trim] > li:not([hidden])")
  .forEach((row) => { row.dataset.seen = ""; })
"""
HIDDEN = """
() => [...document.querySelectorAll("[data-trim] > li:not([data-seen]), .meet-timeline[hidden]")]
  .map((one) => one.textContent)
"""


@pytest.fixture
def folder(nine_departments, tmp_path):
    return shutil.copytree(nine_departments, tmp_path / "office")


@pytest.fixture
def wall(page, folder, make_app, served) -> Page:
    """A meeting of an office with one flag: a task of A that is overdue."""
    page.goto(f"{served(make_app(folder))}/meeting")
    expect(page.locator(".slide[data-now]")).to_be_visible()
    return page


def shown(page: Page) -> str:
    return page.locator(".counter").inner_text()


def decide(page: Page, owner: str, due: str = "2099-12-31") -> None:
    """On the slide of a department, with the keyboard."""
    page.keyboard.press("d")
    page.keyboard.press("2")
    for name, value in (("owner", owner), ("due", due), ("who", "办公室")):
        page.locator(f"dialog [name={name}]").fill(value)
    page.keyboard.press("Enter")
    expect(page.locator("dialog[open]")).to_have_count(0)


def to_the_department(page: Page) -> None:
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".slide[data-now] .slide-topic")).to_have_text("请会议决定")


def kept(folder) -> list:
    return [event for one in Store(folder).read().follow_ups for event in one.events]


# --- what is seen ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_is_cut_or_too_small_on_any_slide_and_any_screen(watched, lang):
    page = watched.page
    page.goto(f"{watched.url}/meeting?lang={lang}")
    expect(page.locator(".slide[data-now]")).to_be_visible()
    slides = page.locator(".slide").count()
    assert slides > 10
    wrong = {}
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.keyboard.press("Home")
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        page.evaluate("document.querySelectorAll('[data-seen]').forEach((row) => row.removeAttribute('data-seen'))")
        at = 1
        while at <= slides:
            assert shown(page) == f"{at} / {slides}"
            if found := page.evaluate(MEASURE):
                wrong[f"{width}×{height} {at}"] = found[:5]
            page.evaluate(MARK)
            of_slide = page.locator(".slide[data-now] .slide-topic").get_attribute("data-part") or ""
            at += of_slide == "" or len(set(of_slide.removeprefix(" · ").split("/"))) == 1  # its last part
            page.keyboard.press("ArrowRight")
        if width == 1920:
            assert page.evaluate(HIDDEN) == []
    assert wrong == {}


def test_an_office_with_little_data_has_a_short_meeting_that_says_what_is_missing(wall):
    assert wall.locator(".slide-topic").all_text_contents() == [
        "上季决定的落实 · 2026年第二季度",
        "本季概况",
        "投诉举报",
        "监督缺口",
        "督办逾期",
        "请会议决定",
        "会上决定",
    ]
    expect(wall.locator(".principle")).to_contain_text("没有数据、未列的议题：民主测评排名、监督的平衡、案件")
    for _ in range(7):
        assert wall.evaluate(MEASURE) == []
        wall.keyboard.press("ArrowRight")


def test_the_wall_is_dark_unless_the_address_says_light(watched):
    page = watched.page
    colour = "getComputedStyle(document.querySelector('.meeting')).backgroundColor"
    page.goto(f"{watched.url}/meeting")
    expect(page.locator(".slide[data-now]")).to_be_visible()
    assert page.evaluate(colour) == "rgb(15, 21, 28)"
    page.goto(f"{watched.url}/meeting?theme=light")
    expect(page.locator(".slide[data-now]")).to_be_visible()
    assert page.evaluate(colour) == "rgb(243, 245, 247)"


# --- keys ------------------------------------------------------------------------------------------------------
def test_keys_a_clicker_and_the_address_lead_through_the_meeting(wall):
    for key, at in (("ArrowRight", 2), (" ", 3), ("PageDown", 4), ("Enter", 5), ("PageUp", 4), ("ArrowLeft", 3)):
        wall.keyboard.press(key)
        assert shown(wall) == f"{at} / 7", key
    for key, at in (("End", 7), ("ArrowRight", 7), ("Home", 1), ("ArrowLeft", 1), ("4", 4)):
        wall.keyboard.press(key)
        assert shown(wall) == f"{at} / 7", key
    assert wall.url.endswith("/meeting?slide=4")
    wall.reload()
    expect(wall.locator(".counter")).to_have_text("4 / 7")
    wall.locator(".turn.next").click()
    assert shown(wall) == "5 / 7"
    wall.keyboard.press("?")
    expect(wall.locator(".meeting-help")).to_be_visible()
    wall.keyboard.press("Escape")
    expect(wall.locator(".meeting-help")).to_be_hidden()
    assert shown(wall) == "5 / 7"


def test_a_finger_turns_the_slides_and_nothing_else(wall):
    fingers = wall.context.new_cdp_session(wall)

    def swipe(*places: int) -> None:
        for at, x in enumerate(places):
            kind = "touchMove" if at else "touchStart"
            fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": 400}]})
        fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    swipe(1000, 900, 700, 400)
    expect(wall.locator(".counter")).to_have_text("2 / 7")
    for _ in range(3):  # the browser's own way back would leave the meeting
        swipe(300, 500, 700, 1000)
    expect(wall.locator(".counter")).to_have_text("1 / 7")
    swipe(600, 620)
    expect(wall.locator(".counter")).to_have_text("1 / 7")


def test_whoever_drills_in_comes_back_to_the_same_slide(wall):
    wall.keyboard.press("3")
    wall.locator(".slide[data-now] a.name").first.click()
    expect(wall.locator("h1")).to_have_text("部门")
    wall.get_by_text("← 回到会议第 3 页").click()
    expect(wall.locator(".counter")).to_have_text("3 / 7")
    wall.keyboard.press("Escape")
    expect(wall.locator("h1")).to_have_text("投诉")
    wall.keyboard.press("m")
    expect(wall.locator(".counter")).to_have_text("3 / 7")
    wall.go_back()
    expect(wall.locator("h1")).to_have_text("投诉")


def test_slides_change_by_themselves_only_when_switched_on_and_any_key_stops_them(wall):
    auto = wall.locator(".auto")
    expect(auto).to_be_hidden()
    wall.keyboard.press("a")
    expect(auto).to_contain_text("秒，任意键停")
    assert "rotate=20" in wall.url
    wall.keyboard.press("Shift")
    expect(auto).to_be_hidden()
    assert "rotate" not in wall.url
    assert shown(wall) == "1 / 7"


# --- decisions -------------------------------------------------------------------------------------------------
def test_a_decision_is_taken_down_and_stays_on_its_slide(wall, folder):
    to_the_department(wall)
    wall.keyboard.press("d")
    dialog = wall.locator("dialog[open]")
    assert dialog.locator("input:checked").count() == 0
    assert [dialog.locator(f"[name={name}]").input_value() for name in ("owner", "due", "note", "who")] == [""] * 4
    wall.evaluate("window.before = true; window.dash_clientside.mingjing.reload('000002-x')")  # an import meanwhile
    wall.keyboard.press("2")
    dialog.locator("[name=who]").fill("办公室")
    wall.keyboard.press("Enter")
    expect(dialog.locator(".said")).to_have_text("交办要写明责任人和期限")
    assert wall.evaluate("window.before")  # nothing was loaded anew under somebody's hands
    with wall.expect_navigation():
        wall.keyboard.press("Escape")
    expect(wall.locator(".counter")).to_have_text("6 / 7")
    assert kept(folder) == []

    decide(wall, "督查室")
    expect(wall.locator(".slide[data-now] .meet-taken")).to_contain_text("生效")
    expect(wall.locator(".saved")).to_have_text("决定已记录 1 条")
    [event] = kept(folder)
    assert (event.step.state, event.step.owner, f"{event.step.due}") == ("active", "督查室", "2099-12-31")

    wall.reload()  # the agenda is that of the morning: the department keeps its slide
    expect(wall.locator(".counter")).to_have_text("6 / 7")
    expect(wall.locator(".slide[data-now] .meet-taken")).to_contain_text("督查室")
    wall.keyboard.press("End")
    expect(wall.locator(".slide[data-now] h2")).to_have_text("会上决定 1 项，0 项待定")


def test_a_decision_taken_without_a_network_is_kept_and_recorded_once(wall, folder):
    wall.context.set_offline(True)
    expect(wall.locator(".lost")).to_contain_text("连接中断")
    to_the_department(wall)
    decide(wall, "督查室")
    expect(wall.locator(".saved")).to_contain_text("未送出 1 条")
    wall.keyboard.press("Escape")
    expect(wall.locator(".auto")).to_contain_text("打不开明细页")
    assert shown(wall) == "6 / 7"
    assert kept(folder) == []

    wall.context.set_offline(False)
    expect(wall.locator(".saved")).to_have_text("决定已记录 1 条")
    expect(wall.locator(".lost")).to_be_hidden()
    assert len(kept(folder)) == 1
    assert wall.evaluate("localStorage.getItem('mingjing.decisions')") is None


@pytest.mark.browser_context_args(service_workers="block")  # what passes by one may not be seen by a route
def test_a_decision_whose_answer_was_lost_is_sent_again_and_kept_once(wall, folder):
    lost = []

    def answer(route):
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch().status)
            route.abort()

    wall.route("**/meeting/decisions", answer)
    to_the_department(wall)
    decide(wall, "督查室")
    expect(wall.locator(".saved")).to_have_text("决定已记录 1 条")
    assert lost == [200]  # it was kept before, and nobody heard of it
    assert wall.evaluate("localStorage.getItem('mingjing.decisions')") is None
    assert len(kept(folder)) == 1


def test_a_decision_that_comes_too_late_is_sent_back_and_not_lost(wall, folder):
    to_the_department(wall)
    key = wall.locator(".meet-flag").first.get_attribute("data-form")
    recorded_elsewhere(folder)
    wall.keyboard.press("d")
    wall.keyboard.press("1")
    wall.locator("dialog [name=who]").fill("办公室")
    wall.keyboard.press("Enter")
    expect(wall.locator("dialog .said")).to_contain_text("别人")
    assert len(kept(folder)) == 1
    wall.keyboard.press("Escape")
    expect(wall.locator(".saved")).to_contain_text("被退回 1 条")
    assert wall.locator(".meet-flag").first.get_attribute("data-form") != key  # what may follow now
    wall.keyboard.press("d")
    expect(wall.locator("dialog [name=who]")).to_have_value("办公室")
    wall.locator("dialog [name=drop]").click()
    expect(wall.locator(".saved")).to_have_text("决定已记录 1 条")  # the other one's


def test_a_refused_decision_is_no_decision_on_the_last_slide_and_on_paper_and_is_put_right_in_its_dialog(wall, folder):
    to_the_department(wall)
    recorded_elsewhere(folder)
    wall.keyboard.press("d")
    wall.keyboard.press("1")
    wall.locator("dialog [name=who]").fill("办公室")
    wall.keyboard.press("Enter")
    expect(wall.locator("dialog .said")).to_contain_text("别人")
    assert wall.locator(".decided > li").get_attribute("data-taken") == "refused"
    assert wall.locator(".slide").last.locator("h2").text_content() == "还没有登记决定，1 项待定"
    fields = "(cells) => cells.map((one) => one.textContent)"
    assert wall.locator(".meeting-sheet tbody [data-field]").evaluate_all(fields) == ["", "", ""]
    assert wall.locator(".meeting-sheet .standing").get_attribute("data-mark") == "被退回"

    wall.locator("dialog input[value=addressed]").check()  # what may follow what somebody else recorded
    wall.keyboard.press("Enter")
    expect(wall.locator("dialog[open]")).to_have_count(0)
    expect(wall.locator(".saved")).to_have_text("决定已记录 1 条")
    assert [event.step.state for event in kept(folder)] == ["active", "addressed"]


def test_a_refused_decision_of_another_view_is_found_and_given_up(wall, folder):
    entry = {
        "id": "1", "flag": "tasks_overdue county Z", "form": "[]", "search": "", "name": "旧局 · 督办逾期",
        "values": {"who": "办公室"}, "taken": {"state": "生效"}, "refused": "别人已经登记",
    }  # fmt: skip
    wall.evaluate("(one) => localStorage.setItem('mingjing.decisions', JSON.stringify([one]))", entry)
    wall.reload()
    wall.locator(".saved").click()
    listed = wall.locator("dialog.stuck section")
    expect(listed).to_contain_text("旧局 · 督办逾期")
    expect(listed).to_contain_text("别人已经登记")
    expect(listed.locator("a")).to_have_attribute("href", "/agenda?rule=tasks_overdue&region=county&department=Z")
    listed.locator("button").click()
    expect(wall.locator(".saved")).to_be_hidden()
    assert wall.evaluate("localStorage.getItem('mingjing.decisions')") is None


def test_a_decision_is_given_up_without_a_network_and_the_meeting_stays(wall, folder):
    wall.context.set_offline(True)
    expect(wall.locator(".lost")).to_contain_text("连接中断")
    to_the_department(wall)
    wall.evaluate("window.before = true")
    decide(wall, "督查室")
    wall.evaluate("window.dash_clientside.mingjing.reload('000002-x')")  # an import that nobody can fetch
    wall.keyboard.press("d")
    wall.locator("dialog [name=drop]").click()
    expect(wall.locator(".saved")).to_be_hidden()
    expect(wall.locator(".slide[data-now] .meet-taken")).not_to_contain_text("督查室")
    assert wall.locator(".meet-flag").first.get_attribute("data-taken") == ""
    assert wall.locator(".meeting-sheet tbody [data-field]").all_text_contents() == ["", "", ""]
    assert wall.evaluate("window.before")
    assert kept(folder) == []


def test_what_is_being_rewritten_is_not_sent_meanwhile(wall, folder):
    to_the_department(wall)
    wall.context.set_offline(True)
    expect(wall.locator(".lost")).to_contain_text("连接中断")
    decide(wall, "督查室")
    wall.keyboard.press("d")
    wall.context.set_offline(False)
    expect(wall.locator(".lost")).to_be_hidden()
    wall.locator("dialog [name=owner]").fill("信访室")
    assert kept(folder) == []
    wall.locator("dialog .primary").click()
    expect(wall.locator(".saved")).to_have_text("决定已记录 1 条")
    assert [event.step.owner for event in kept(folder)] == ["信访室"]


def test_a_decision_that_the_server_cannot_take_is_marked_and_does_not_hold_up_the_others(wall, folder):
    broken = {
        "id": "1", "flag": "tasks_overdue county Z", "form": "broken", "search": "", "name": "旧局 · 督办逾期",
        "values": {}, "taken": {"state": "生效"}, "failed": 2,
    }  # fmt: skip
    wall.route(
        "**/meeting/decisions",
        lambda route: route.fulfill(status=500) if "broken" in route.request.post_data else route.continue_(),
    )
    wall.evaluate("(one) => localStorage.setItem('mingjing.decisions', JSON.stringify([one]))", broken)
    to_the_department(wall)
    decide(wall, "督查室")
    expect(wall.locator(".saved")).to_have_text("送不进去 1 条，点此查看")
    assert len(kept(folder)) == 1


# --- a copy for a time without a server ------------------------------------------------------------------------
ADDRESSES = """
async () => {
  const stores = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
  return (await Promise.all(stores.map((one) => one.keys()))).flat().map(({ url }) => new URL(url).pathname);
}
"""


@contextmanager
def serving(app, port: int = 0):
    server = make_server("127.0.0.1", port, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def with_its_copy(page: Page, port: int) -> None:
    page.goto(f"http://127.0.0.1:{port}/meeting?slide=6")
    expect(page.locator(".counter")).to_have_text("6 / 7")
    Watched(page, "").until(lambda: "/meeting" in page.evaluate(ADDRESSES))


def test_a_reload_without_a_server_shows_the_same_slide_and_when_it_is_of_and_nothing_decided_is_lost(
    page, folder, make_app
):
    app = make_app(folder).server
    with serving(app) as port:
        with_its_copy(page, port)
        decide(page, "督查室")
        expect(page.locator(".saved")).to_have_text("决定已记录 1 条")
        Watched(page, "").until(lambda: "/meeting" in page.evaluate(ADDRESSES))
    page.reload()
    expect(page.locator(".lost")).to_contain_text("离线：显示 20")
    expect(page.locator(".counter")).to_have_text("6 / 7")
    expect(page.locator(".slide[data-now] .meet-taken")).to_contain_text("督查室")  # told before
    decide(page, "信访室")
    expect(page.locator(".saved")).to_have_text("未送出 1 条，网络恢复后自动送出")
    page.evaluate("sessionStorage.setItem('mingjing.snapshot', '0')")  # as if there had been an import meanwhile
    with serving(app, port):
        expect(page.locator(".newer")).to_have_text("数据已更新：快照 0 → 1")
        expect(page.locator(".counter")).to_have_text("6 / 7")
        expect(page.locator(".lost")).to_be_hidden()
        expect(page.locator(".saved")).to_have_text("决定已记录 1 条")
        assert [event.step.owner for event in kept(folder)] == ["督查室", "信访室"]


def test_the_copy_is_gone_after_signing_out_and_for_whoever_may_not_see_the_meeting(page, folder, make_app):
    app, refused = make_app(folder).server, set()

    def gate(environ, start):
        if environ["PATH_INFO"] == "/sign-out":
            start("200 OK", [("Content-Type", "text/html"), ("Clear-Site-Data", '"cache", "storage"')])
            return [b""]
        if environ["PATH_INFO"] in refused:
            start("403 Forbidden", [("Content-Type", "text/html")])
            return [b"no"]
        return app(environ, start)

    with serving(gate) as port:
        with_its_copy(page, port)
        page.goto(f"http://127.0.0.1:{port}/sign-out")
        assert page.evaluate(ADDRESSES) == []
        with_its_copy(page, port)
        refused.add("/meeting")
        page.reload()
        assert "/meeting" not in page.evaluate(ADDRESSES)


def test_a_wall_outlives_a_restart_and_a_new_version_of_the_program_on_the_slide_where_it_was(page, folder, make_app):
    app = make_app(folder)
    with serving(app.server) as port:
        page.goto(f"http://127.0.0.1:{port}/meeting?slide=3")
        expect(page.locator(".counter")).to_have_text("3 / 7")
        page.evaluate("window.before = true")
    page.evaluate("window.dispatchEvent(new Event('offline'))")  # it looks every 15 s by itself
    expect(page.locator(".lost")).to_contain_text("连接中断")
    app.server.config["TURNSTILE"]._program = "another"
    with serving(app.server, port):
        expect(page.locator(".lost")).to_be_hidden()
        page.wait_for_function("() => !window.before")
        expect(page.locator(".counter")).to_have_text("3 / 7")


# --- two flags on one slide ------------------------------------------------------------------------------------
def test_the_options_go_to_the_next_flag_of_the_slide_once_one_is_decided(watched):
    page = watched.page
    page.route("**/meeting/decisions", lambda route: route.fulfill(json=answer_to(route.request.post_data_json)))
    page.goto(f"{watched.url}/meeting")
    slide = page.locator(".slide").filter(has=page.locator(".meet-flag + .meet-flag")).first
    number = page.locator(".slide").evaluate_all("(all, one) => all.indexOf(one)", slide.element_handle())
    page.goto(f"{watched.url}/meeting?slide={number + 1}")
    rules = [one.get_attribute("data-rule") for one in slide.locator(".meet-flag").all()]
    for at, rule in enumerate(rules):
        expect(slide.locator(".meet-choices > p")).to_have_text(rule)
        slide.locator("[data-option=active]").click()
        dialog = page.locator("dialog[open]")
        expect(dialog.locator("h2")).to_contain_text(rule)
        assert dialog.locator("input:checked").count() == 0
        dialog.locator("input[value=active]").check()
        for name, value in (("owner", "督查室"), ("due", "2099-12-31"), ("who", "办公室")):
            dialog.locator(f"[name={name}]").fill(value)
        dialog.locator(".primary").click()
        expect(page.locator(".saved")).to_have_text(f"决定已记录 {at + 1} 条")
    expect(slide.locator(".meet-options")).to_have_count(0)


def answer_to(sent: dict) -> dict:
    """As the server answers, without keeping anything in the county that other tests share."""
    taken = {"state": "生效", "owner": sent["values"]["owner"], "due": sent["values"]["due"]}
    form = {"key": "next", "options": [{"value": "addressed", "label": "已处理"}], "suggested": None}
    return {"number": 1, "taken": taken, "form": form, "is_today": True}


def recorded_elsewhere(folder) -> None:
    main(
        ["--data", str(folder), "follow-up", "record", "tasks_overdue", "A", "--state", "active", "--by", "别人"],
        standalone_mode=False,
    )


# --- paper -----------------------------------------------------------------------------------------------------
def test_the_meeting_prints_on_one_sheet_with_the_decision_just_taken(wall):
    to_the_department(wall)
    decide(wall, "督查室")
    expect(wall.locator(".saved")).to_have_text("决定已记录 1 条")
    paper = wall.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", paper)) == 1
    [box] = set(re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", paper))
    assert [round(float(side)) for side in box] == [595, 842]
    wall.emulate_media(media="print")
    expect(wall.locator(".slide[data-now]")).to_be_hidden()
    row = wall.locator(".meeting-sheet tbody tr").first
    expect(row).to_be_visible()
    assert row.locator("td").all_inner_texts() == ["甲局", "督办逾期", "生效", "督查室", "2099-12-31"]
