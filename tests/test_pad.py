"""The pad in a real browser: whatever draws on it, and how a drawing is kept."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Request, ViewportSize, expect

from mnist_models import Reader
from testing import ROOT
from testing.browser import (
    LAPTOP,
    PHONE,
    Hand,
    draw,
    expect_answer,
    expect_no_answer,
    on_pad,
    open_page,
    settle,
    strokes_on,
    touch,
)
from testing.page import free_address, served
from testing.strokes import DIGITS, Stroke
from web.words import WORDS

ENGLISH = WORDS["en"]

BAR: list[Stroke] = [[[200, 100], [800, 900]]]

LINK = (ROOT / "web" / "components" / "link.js").read_text("utf-8")


@pytest.fixture(scope="module")
def opened(browser: Browser, address: str) -> Iterator[Page]:
    """The page on a laptop with a touch screen, opened once."""
    with browser.new_context(viewport=LAPTOP, has_touch=True) as context:
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        yield open_page(context, address)


@pytest.fixture
def page(opened: Page) -> Iterator[Page]:
    """That page, with nothing on its pad."""
    yield opened
    opened.get_by_role("tab", name="Draw").click()
    clear = opened.get_by_role("button", name="Clear")
    if clear.is_enabled():
        clear.click()
    settle(opened)


def center_of_pad(page: Page) -> tuple[float, float]:
    """Return where the middle of the pad is on the screen."""
    box = page.locator("#pad canvas").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_pen_draws_while_a_palm_rests_on_the_pad(page: Page) -> None:
    hand = Hand(page)
    x, y = center_of_pad(page)
    palm = (x + 150, y + 150)
    hand.touch("touchStart", palm)
    hand.touch("touchMove", (palm[0] + 10, palm[1]))
    hand.draw(on_pad(page, DIGITS["4"]))
    hand.touch("touchMove", (palm[0], palm[1] - 20))
    hand.touch("touchEnd")
    settle(page)
    assert strokes_on(page) == len(DIGITS["4"])
    expect_answer(page, "4")


def test_a_palm_that_lands_while_a_pen_draws_draws_nothing(page: Page) -> None:
    hand = Hand(page)
    first, *others = on_pad(page, DIGITS["4"])
    hand.point("mousePressed", *first[0])
    hand.touch("touchStart", center_of_pad(page))
    hand.touch("touchEnd")
    for place in first[1:]:
        hand.point("mouseMoved", *place)
    hand.point("mouseReleased", *first[-1], pressed=0)
    hand.draw(others)
    settle(page)
    assert strokes_on(page) == len(DIGITS["4"])
    expect_answer(page, "4")


def test_a_second_finger_draws_nothing_and_scrolls_nothing(browser: Browser, address: str) -> None:
    low: ViewportSize = {
        "width": PHONE["width"],
        "height": 560,
    }  # so that there is something to scroll to
    with browser.new_context(viewport=low, has_touch=True, is_mobile=True) as context:
        page = open_page(context, address)
        hand = Hand(page)
        x, y = center_of_pad(page)
        for second in ((x - 60, y + 40), (x, y + 230)):  # on the pad and below it
            page.evaluate("scrollTo(0, 0)")
            hand.touch("touchStart", (x + 60, y))
            hand.touch("touchStart", (x + 60, y), second)
            for step in range(1, 11):
                hand.touch("touchMove", (x + 60, y + step), (second[0], second[1] - 20 * step))
            hand.touch("touchEnd")
            settle(page)
            assert page.evaluate("[scrollY, visualViewport.scale]") == [0, 1]
            assert strokes_on(page) == 1
            page.get_by_role("button", name="Clear").click()


@pytest.mark.parametrize("pointer", ["mouse", "pen"])
def test_a_stroke_whose_release_never_arrives_ends_when_the_pointer_comes_back(
    page: Page, pointer: str
) -> None:
    hand = Hand(page)
    x, y = center_of_pad(page)
    hand.point("mousePressed", x, y, pointer)
    hand.point("mouseMoved", x, y + 50, pointer)
    for step in range(5):
        hand.point("mouseMoved", x + 20 * step, y, pointer, pressed=0)
    settle(page)
    width = "image => image.naturalWidth"
    assert strokes_on(page) == 1
    kept = page.evaluate("sessionStorage.getItem('two-readings-drawing')")
    hand.point("mouseMoved", x - 100, y - 100, pointer, pressed=0)
    hand.point("mousePressed", x - 50, y, pointer)
    hand.point("mouseReleased", x - 50, y, pointer, pressed=0)
    settle(page)
    assert strokes_on(page) == 2
    assert page.evaluate("sessionStorage.getItem('two-readings-drawing')").startswith(kept)
    assert page.locator("#digit img").evaluate(width) == 28


def test_a_finger_that_left_unnoticed_does_not_keep_the_next_one_from_drawing(page: Page) -> None:
    page.locator("#pad canvas").evaluate("""
        canvas => {
          const { left, top } = canvas.getBoundingClientRect();
          for (const [pointerId, x] of [[71, 50], [72, 90]]) {
            canvas.dispatchEvent(new PointerEvent("pointerdown", {
              pointerId, pointerType: "touch", isPrimary: true, buttons: 1,
              clientX: left + x, clientY: top + 50 }));
          }
          canvas.dispatchEvent(new PointerEvent("pointerup", { pointerId: 72 }));
        }
    """)
    settle(page)
    assert strokes_on(page) == 2


def test_one_tap_is_a_dot_that_is_drawn_and_sent(page: Page) -> None:
    x, y = center_of_pad(page)
    for tap in (page.mouse.click, page.touchscreen.tap):
        tap(x, y)
        settle(page)
        middle = Image.open(io.BytesIO(page.locator("#pad canvas").screenshot())).convert("L")
        assert middle.getpixel((middle.width // 2, middle.height // 2)) < 100
        expect(page.locator("#digit img")).to_have_count(1)
        expect(page.get_by_role("alert")).to_have_count(0)
        page.get_by_role("button", name="Undo").click()
        expect_no_answer(page)
        expect(page.locator("#message")).to_have_text(ENGLISH("waiting"))


def test_keys_undo_and_redo_wherever_the_focus_is(page: Page) -> None:
    draw(page, DIGITS["4"])
    total = len(DIGITS["4"])
    capital = {"type": "keyDown", "key": "Z", "code": "KeyZ", "windowsVirtualKeyCode": 90}
    keys = page.context.new_cdp_session(page)

    def with_caps_lock() -> None:
        keys.send("Input.dispatchKeyEvent", {**capital, "modifiers": 2})

    places = {
        "the body": lambda: page.evaluate("document.activeElement.blur()"),
        "a tab": lambda: page.get_by_role("tab", name="Draw").focus(),
        "the pad": lambda: page.get_by_role("button", name="Clear").focus(),
    }
    for focus in places.values():
        focus()
        for back, again in (("Control+z", "Control+y"), ("Meta+z", "Control+Shift+z")):
            page.keyboard.press(back)
            assert strokes_on(page) == total - 1
            page.keyboard.press(again)
            assert strokes_on(page) == total
        with_caps_lock()
        assert strokes_on(page) == total - 1
        page.keyboard.press("Meta+Shift+z")
        assert strokes_on(page) == total


def test_the_redo_button_beside_undo_brings_back_what_undo_took(page: Page) -> None:
    redo = page.get_by_role("button", name="Redo")
    draw(page, DIGITS["1"])
    page.get_by_role("button", name="Clear").click()
    expect(redo).to_be_disabled()
    page.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    expect_answer(page, "1")
    page.keyboard.press("Tab")
    expect(redo).to_be_focused()
    page.keyboard.press("Enter")
    expect_no_answer(page)
    page.get_by_role("button", name="Undo").click()
    draw(page, BAR)
    expect(redo).to_be_disabled()  # what was undone lies on another way now


def test_text_fields_keep_their_keys(page: Page) -> None:
    draw(page, DIGITS["1"])
    page.evaluate("""
        document.querySelector("#about").insertAdjacentHTML("beforeend", "<input id='field'>")
    """)
    field = page.locator("#field")
    field.press_sequentially("ab")
    field.press("Control+z")
    assert field.input_value() != "ab"
    assert strokes_on(page) == 1
    copy_picture(page, ROOT / "examples" / "7_thin_pen.png")
    field.press("Control+v")
    settle(page)
    expect_answer(page, "1")
    field.evaluate("field => field.remove()")


def copy_picture(page: Page, path: Path) -> None:
    """Put a PNG file into the clipboard, as a visitor who copies it elsewhere."""
    page.evaluate(
        """
        async (bytes) => {
          const picture = new Blob([new Uint8Array(bytes)], { type: "image/png" });
          await navigator.clipboard.write([new ClipboardItem({ "image/png": picture })]);
        }
        """,
        list(path.read_bytes()),
    )


def test_a_picture_that_is_pasted_anywhere_is_uploaded_and_read(page: Page) -> None:
    for name, room in (("7_thin_pen", "Draw"), ("9_red_on_yellow", "How they compare")):
        copy_picture(page, next((ROOT / "examples").glob(f"{name[0]}_*.png")))
        page.get_by_role("tab", name=room).click()
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("Control+v")
        expect_answer(page, name[0])
        expect(page.get_by_role("tab", name="Upload")).to_have_attribute("aria-selected", "true")
        expect(page.locator("#picture img")).to_be_visible()


def test_a_drawing_is_saved_as_a_picture_that_reads_the_same(page: Page) -> None:
    draw(page, DIGITS["3"])
    with page.expect_download() as download:
        page.get_by_role("button", name=ENGLISH("save")).click()
    assert download.value.suggested_filename == "drawing.png"
    saved = Path(download.value.path()).read_bytes()
    assert Reader.default().read(saved).label("cnn") == "3"
    assert Image.open(io.BytesIO(saved)).size == (1000, 1000)


def test_a_link_opens_with_the_drawing_and_its_answer_and_tells_no_server(page: Page) -> None:
    draw(page, DIGITS["8"])
    page.get_by_role("button", name=ENGLISH("link")).click()
    expect(page.locator("#pad .notice")).to_have_text(ENGLISH("link_copied"))
    link = page.evaluate("navigator.clipboard.readText()")
    address, text = link.split("#d=")
    assert len(text) < 1000
    told: list[str] = []

    def listen(request: Request) -> None:
        told.extend([request.url, request.post_data or "", *request.headers.values()])

    page.context.on("request", listen)
    other = open_page(page.context, link)
    expect_answer(other, "8")
    assert other.url == address
    assert told and not [said for said in told if text in said]
    other.keyboard.press("Control+z")
    assert strokes_on(other) == len(DIGITS["8"]) - 1
    draw(page, BAR)  # another link in the same tab: the drawing before it is not lost
    other.close()
    page.evaluate("link => { location.href = link }", link)
    settle(page)
    expect_answer(page, "8")
    assert strokes_on(page) == len(DIGITS["8"])
    for _ in range(len(DIGITS["8"]) + 1):
        page.keyboard.press("Control+z")
    assert strokes_on(page) == len(DIGITS["8"]) + 1


def test_a_damaged_link_says_so_and_leaves_the_pad_as_it_is(page: Page) -> None:
    draw(page, DIGITS["1"])
    for damaged in ("", "%20", "A", "AA.", "*" * 9, "_____A", "A" * 8002, "<svg onload=alert(1)>"):
        page.evaluate("link => { location.hash = link }", f"#d={damaged}")
        expect(page.locator("#pad .notice")).to_have_text(ENGLISH("link_broken"))
        page.evaluate("document.querySelector('#pad .notice').replaceChildren()")
    expect_answer(page, "1")


def test_a_drawing_told_as_text_is_the_same_drawing_and_noise_is_none(page: Page) -> None:
    chance = np.random.default_rng(5)
    drawings = [
        [
            (chance.integers(-900, 1900, (chance.integers(1, 30), 2)) / 1000).tolist()
            for _ in range(chance.integers(1, 5))
        ]
        for _ in range(50)
    ]
    same = f"(drawings) => {{ {LINK} return drawings.map((one) => asStrokes(asText(one))); }}"
    assert page.evaluate(same, drawings) == drawings
    letters = list("AZaz09-_.%")
    noise = ["".join(chance.choice(letters, chance.integers(60))) for _ in range(500)]
    read = f"(texts) => {{ {LINK} return texts.map(asStrokes); }}"
    for text, strokes in zip(noise, page.evaluate(read, noise), strict=True):
        assert strokes is None or (
            text and all(abs(length) <= 10 for stroke in strokes for at in stroke for length in at)
        )


def test_a_long_drawing_makes_a_coarser_link_and_too_long_a_one_none(page: Page) -> None:
    fragment = f"(strokes) => {{ {LINK} return asFragment(strokes); }}"
    scribble = [[[abs(i % 1000 - 500) / 500, i / 20000] for i in range(20000)]]
    assert 100 < len(page.evaluate(fragment, scribble)) <= 8003
    assert page.evaluate(fragment, [[[0.1, 0.1], [0.9, 0.9]]] * 2000) is None


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_ink_stays_visible_where_a_browser_changes_colors(
    browser: Browser, address: str, theme: str
) -> None:
    with browser.new_context(viewport=LAPTOP, color_scheme="dark") as context:
        page = open_page(context, f"{address}/?__theme={theme}")
        draw(page, BAR)
        expect(page.locator("#digit img")).to_be_visible()
        declared = page.evaluate("getComputedStyle(document.documentElement).colorScheme")
        assert declared == f"{theme} only"
        colors: list[dict[str, Any]] = [{"media": "print"}, {"forced_colors": "active"}, {}]
        for changed in colors:
            page.emulate_media(**{"media": "screen", "forced_colors": "none", **changed})
            if not changed:  # Chromium darkens by itself what says nothing of dark colors
                darken = {"enabled": True}
                context.new_cdp_session(page).send("Emulation.setAutoDarkModeOverride", darken)
            for part in ("#pad canvas", "#digit"):
                assert contrast(page, part) > 4.5, (changed, part)


def contrast(page: Page, part: str) -> float:
    """Return how the brightest and the darkest of a part of the page differ, as WCAG counts it."""
    picture = Image.open(io.BytesIO(page.locator(part).screenshot())).convert("L")
    inner = picture.crop((4, 4, picture.width - 4, picture.height - 4))
    darkest, brightest = (value / 255 for value in inner.getextrema())
    return (brightest**2.2 + 0.05) / (darkest**2.2 + 0.05)


def test_a_drawing_and_its_answer_survive_a_lost_connection(browser: Browser, address: str) -> None:
    words = WORDS["pt"]
    with browser.new_context(viewport=LAPTOP, locale="pt-BR") as context:
        page = open_page(context, address, undo=words("undo"))
        first, *others = DIGITS["4"]
        draw(page, [first])
        context.set_offline(True)
        draw(page, others)
        expect(page.get_by_text(words("lost"))).to_be_visible()
        with page.expect_navigation():
            context.set_offline(False)
        expect_answer(page, "4")
        assert strokes_on(page) == len(DIGITS["4"])
        page.get_by_role("button", name=words("undo")).click()
        settle(page)
        assert strokes_on(page) == len(DIGITS["4"]) - 1


def test_a_drawing_is_answered_after_a_reload_however_late_the_empty_pad_is(
    browser: Browser, address: str
) -> None:
    with browser.new_context(viewport=LAPTOP) as context:
        page = open_page(context, address)
        draw(page, DIGITS["4"])
        page.add_init_script("delays.push(1000)")
        page.reload()
        expect(page.locator("#answers.waiting")).to_be_visible()
        settle(page)
        expect_answer(page, "4")


def test_a_page_whose_server_started_again_says_so_and_goes_on(browser: Browser) -> None:
    address = free_address()
    with browser.new_context(viewport=LAPTOP, has_touch=True) as context:
        with served(["app.py"], address=address):
            page = open_page(context, address)
            draw(page, DIGITS["1"])
            expect_answer(page, "1")
        draw(page, BAR)
        with served(["app.py"], address=address):
            expect(page.locator("#pad .notice")).to_have_text(ENGLISH("restarted"), timeout=30_000)
            assert strokes_on(page) == 2
            page.get_by_role("button", name="Undo").click()
            expect_answer(page, "1")
            page.get_by_role("button", name="Clear").click()
            expect_no_answer(page)
            touch(page, DIGITS["7"])
            expect_answer(page, "7")
