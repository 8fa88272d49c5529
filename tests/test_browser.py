"""A real Chromium on the real page: what a visitor does, and what a visitor reads."""

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect

from mnist_models import Reader
from mnist_models.words import Words
from testing import EXAMPLES
from testing.browser import (
    LAPTOP,
    PHONE,
    draw,
    expect_answer,
    expect_no_answer,
    launch,
    on_pad,
    open_page,
    settle,
    touch,
    trace,
    upload,
)
from testing.scenes import ink_of
from testing.strokes import DIGITS, Stroke, line
from web.words import WORDS

ENGLISH = WORDS["en"]
ON_ITS_SIDE: ViewportSize = {"width": 844, "height": 390}

PAIR = [
    [[x * 0.4 + shift, y * 0.6 + 200] for x, y in stroke]
    for shift, label in ((0, "0"), (550, "1"))
    for stroke in DIGITS[label]
]
"""Two digits beside each other."""

STAR = [line((500, 0), (800, 1000), (0, 350), (1000, 350), (200, 1000), (500, 0))]
"""No digit."""

NUMBER = EXAMPLES / "1907_on_paper.jpg"
"""A photograph of a number."""

SCREENS: dict[str, dict[str, Any]] = {
    "laptop": {"viewport": LAPTOP},
    "phone": {"viewport": PHONE, "device_scale_factor": 3, "has_touch": True, "is_mobile": True},
}

Scheme = Literal["light", "dark"]

LOCALES = {"en": "en-US", "pt": "pt-BR"}


@dataclass(frozen=True)
class Visitor:
    """Somebody who looks at the page.

    Attributes:
        page: What they see.
        reads: Their language's words.
        touches: Whether they use a finger rather than a mouse.
    """

    page: Page
    reads: Words
    touches: bool

    def draws(self, strokes: list[Stroke]) -> None:
        """Draw, and wait for the answer."""
        (touch if self.touches else draw)(self.page, strokes)

    def presses(self, place: Locator) -> None:
        """Tap or click."""
        place.tap() if self.touches else place.click()

    def presses_button(self, name: str) -> None:
        """Tap or click the button of this name."""
        self.presses(self.page.get_by_role("button", name=name, exact=True))

    def goes_to(self, tab: str) -> None:
        """Change to the tab named by this key."""
        self.presses(self.page.get_by_role("tab", name=self.reads(tab), exact=True))


@pytest.fixture(scope="module")
def context_of(browser: Browser) -> Callable[[str, str], BrowserContext]:
    """By screen and language, a context whose pages share what they fetched."""
    return cache(
        lambda screen, language: browser.new_context(**SCREENS[screen], locale=LOCALES[language])
    )


@pytest.fixture(params=[("laptop", "en"), ("phone", "pt")], ids=str)
def visitor(
    context_of: Callable[[str, str], BrowserContext], address: str, request: pytest.FixtureRequest
) -> Iterator[Visitor]:
    """A visitor with a laptop and one with a phone, in different languages."""
    screen, language = request.param
    words = WORDS[language]
    page = open_page(context_of(screen, language), address, undo=words("undo"))
    yield Visitor(page, words, touches=screen == "phone")
    page.close()


@pytest.fixture
def page(context_of: Callable[[str, str], BrowserContext], address: str) -> Iterator[Page]:
    """The page on a laptop."""
    page = open_page(context_of("laptop", "en"), address)
    yield page
    page.close()


@pytest.fixture
def phone(context_of: Callable[[str, str], BrowserContext], address: str) -> Iterator[Page]:
    """The page on a phone with a touch screen."""
    page = open_page(context_of("phone", "en"), address)
    yield page
    page.close()


SHOWN_AT = """
    (image) => {
      const { x, y, width, height } = image.getBoundingClientRect();
      const { naturalWidth, naturalHeight } = image;
      const scale = Math.min(width / naturalWidth, height / naturalHeight, 1);
      return [
        x + (width - scale * naturalWidth) / 2, y + (height - scale * naturalHeight) / 2, scale];
    }
"""
"""Where a picture itself lies in its frame, and how large."""

COPY = """
    async (address) => {
      const picture = await (await fetch(address)).blob();
      await navigator.clipboard.write([new ClipboardItem({ "image/png": picture })]);
    }
"""
"""Puts a picture into the clipboard, as a visitor who copies it elsewhere."""


def test_strokes_of_a_pen_are_read_while_they_are_drawn_with_a_mouse(
    page: Page, pen_strokes: list[tuple[str, list[Stroke]]]
) -> None:
    right = 0
    for label, strokes in pen_strokes:
        draw(page, strokes)
        answer = page.locator("#cnn-label").get_by_test_id("label-output-value")
        right += answer.inner_text() == label
        page.get_by_role("button", name="Clear").click()
        expect_no_answer(page)
    assert right >= len(pen_strokes) - 1


def test_a_finger_draws_without_moving_the_page(phone: Page) -> None:
    touch(phone, DIGITS["2"])
    expect_answer(phone, "2")
    assert phone.evaluate("scrollY") == 0


def test_both_models_answer_before_the_pen_is_lifted(page: Page) -> None:
    (stroke,) = on_pad(page, DIGITS["3"])
    trace(page, stroke)
    expect_answer(page, "3", "cnn")
    expect(page.locator("#linear-label meter")).to_have_count(10)
    page.mouse.up()


def test_an_answer_that_comes_late_never_replaces_a_newer_one(page: Page) -> None:
    page.evaluate("delays = [1500]")
    draw(page, DIGITS["0"])
    expect_answer(page, "0")


def test_an_answer_to_an_older_drawing_fades_until_the_new_one_comes(page: Page) -> None:
    draw(page, DIGITS["0"])
    expect_answer(page, "0")
    labels = page.locator("#labels")
    expect(labels).to_have_css("opacity", "1")
    page.evaluate("delays = [2500]")
    page.get_by_role("button", name="Clear").click()
    page.wait_for_timeout(500)
    expect(labels).to_have_css("opacity", "1", timeout=1)  # an answer in time makes no flicker
    expect(labels).to_have_css("opacity", "0.4")
    expect_no_answer(page)
    expect(labels).to_have_css("opacity", "1")


def test_an_answer_that_equals_the_one_before_does_not_fade(page: Page) -> None:
    (stroke,) = on_pad(page, DIGITS["3"])
    trace(page, stroke)
    settle(page)
    page.mouse.up()  # the same drawing is sent again
    page.wait_for_timeout(1500)
    expect(page.locator("#labels")).to_have_css("opacity", "1", timeout=1)
    expect_answer(page, "3")


def test_an_empty_pad_invites_and_predicts_nothing(page: Page) -> None:
    expect(page.get_by_text(ENGLISH("invitation"))).to_be_visible()
    for way in ("cnn_way", "linear_way"):
        expect(page.get_by_text(ENGLISH(way))).to_be_in_viewport(ratio=1)
    expect_no_answer(page)
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()


def test_undo_takes_the_last_stroke_back_and_clear_takes_all(visitor: Visitor) -> None:
    page = visitor.page
    visitor.draws(DIGITS["1"])
    expect_answer(page, "1")
    first = page.locator("#digit img").get_attribute("src")
    visitor.draws([[[200, 100], [800, 900]]])
    expect(page.locator("#digit img")).not_to_have_attribute("src", first)
    visitor.presses_button(visitor.reads("undo"))
    expect(page.locator("#digit img")).to_have_attribute("src", first)
    expect_answer(page, "1")
    visitor.presses_button(visitor.reads("clear"))
    expect_no_answer(page)
    expect(page.get_by_text(visitor.reads("invitation"))).to_be_visible()
    expect(page.locator("#message")).to_have_text(visitor.reads("waiting"))


def test_undo_and_clear_are_reached_by_keyboard(page: Page) -> None:
    draw(page, DIGITS["7"])
    expect_answer(page, "7")
    page.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Clear")).to_be_focused()
    page.keyboard.press("Enter")
    expect_no_answer(page)


def test_rows_strokes_rooms_and_examples_are_reached_by_keyboard(page: Page) -> None:
    draw(page, DIGITS["4"])
    expect_answer(page, "4")
    page.locator("#cnn").get_by_test_id("9-confidence-set").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#cnn-evidence .score")).to_contain_text("score of 9: ")
    page.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    expect_no_answer(page)
    page.get_by_role("tab", name=ENGLISH("compare_tab")).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=ENGLISH("table"))).to_be_visible()
    page.get_by_role("tab", name=ENGLISH("read_tab"), exact=True).focus()
    page.keyboard.press("Enter")
    page.locator("#examples button").first.focus()
    page.keyboard.press("Enter")
    expect_answer(page, "0")


def test_the_settled_answer_is_announced_and_no_move_of_the_pen(page: Page) -> None:
    announced = page.locator("#announced").get_by_role("status")
    expect(announced).to_have_text(ENGLISH("waiting"))
    page.evaluate("""
        window.said = [];
        const region = document.querySelector("#announced p");
        new MutationObserver(() => said.push(region.textContent)).observe(region, {
          subtree: true, childList: true, characterData: true });
    """)
    draw(page, DIGITS["3"])
    expect(announced).to_have_text(ENGLISH("agree", cnn="3"))
    page.get_by_role("button", name="Clear").click()
    expect(announced).to_have_text(ENGLISH("waiting"))
    assert page.evaluate("said") == [ENGLISH("agree", cnn="3"), ENGLISH("waiting")]
    expect(page.locator("#message").get_by_role("status")).to_have_count(0)


def test_who_wants_no_motion_gets_none(browser: Browser, address: str) -> None:
    with browser.new_context(reduced_motion="reduce") as context:
        page = open_page(context, address)
        draw(page, DIGITS["3"])
        moving = "all => all.filter((e) => getComputedStyle(e).transitionDuration !== '0s').length"
        assert page.locator("*").evaluate_all(moving) == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_any_room(
    browser: Browser, address: str, tmp_path: Path, scheme: Scheme
) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(b"no picture at all")
    with browser.new_context(viewport=LAPTOP, color_scheme=scheme) as context:
        page = open_page(context, address)
        assert serious(page) == []
        for strokes in (STAR, PAIR):
            draw(page, strokes)
            assert serious(page) == []
            page.get_by_role("button", name="Clear").click()
        draw(page, DIGITS["3"])
        look_inside(page)
        page.locator("#layers .maps.layer button").first.click()
        assert serious(page) == []
        upload(page, path)
        expect(page.locator("#message").get_by_role("alert")).to_be_visible()
        assert serious(page) == []
        for room in ("compare_tab", "code_tab"):
            page.get_by_role("tab", name=ENGLISH(room)).click()
            settle(page)
            assert serious(page) == []


def look_inside(page: Page) -> None:
    """Open the layers, and wait until they are there."""
    page.locator("#layers summary").click()
    expect(page.locator("#layers .maps.classes button")).to_have_count(10)


def serious(page: Page) -> list[str]:
    """Return what axe-core finds serious or critical, with the elements."""
    return [
        f"{found['id']}: {node['html'][:150]} {node['failureSummary']}"
        for found in Axe().run(page).response["violations"]
        if found["impact"] in ("serious", "critical")
        for node in found["nodes"]
    ]


def test_a_second_finger_and_the_right_button_do_not_draw(page: Page) -> None:
    box = page.locator("#pad canvas").bounding_box()
    page.mouse.move(box["x"] + 50, box["y"] + 50)
    page.mouse.down(button="right")
    page.mouse.move(box["x"] + 150, box["y"] + 150)
    page.mouse.up(button="right")
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()


def test_a_press_on_a_row_shows_that_digits_evidence_until_the_next_reading(
    visitor: Visitor,
) -> None:
    page = visitor.page

    def score(label: str) -> str:
        return visitor.reads("score", label=label, score="")

    visitor.draws(DIGITS["7"])
    expect_answer(page, "7")
    expect(page.locator("#legend")).to_contain_text(visitor.reads("evidence"))
    for model in ("cnn", "linear"):
        evidence = page.locator(f"#{model}-evidence")
        expect(evidence.locator(".score")).to_contain_text(score("7") + "+")
        place = evidence.locator(".maps").bounding_box()["x"]
        row = page.locator(f"#{model}").get_by_test_id("4-confidence-set")
        visitor.presses(row)
        expect(evidence.locator(".score")).to_contain_text(score("4"))
        expect(row).to_have_attribute("aria-pressed", "true")
        width = evidence.locator(".map").bounding_box()["width"]
        assert evidence.locator(".maps").bounding_box()["x"] - place == pytest.approx(3 * width)
    visitor.draws([[[100, 950], [900, 960]]])
    expect(page.locator("#cnn-evidence .score")).not_to_contain_text(score("4"))
    visitor.presses_button(visitor.reads("clear"))
    expect(page.locator(".evidence img")).to_have_count(0)


def test_nothing_moves_when_an_answer_arrives(page: Page, phone: Page) -> None:
    for screen in (page, phone):
        parts = ("#digit", "#cnn", "#linear", "#cnn-evidence", "#legend", "#examples", "#about")
        boxes = [screen.locator(part).bounding_box() for part in parts]
        for strokes in (DIGITS["7"], PAIR):  # the longer one is remarked on, too
            draw(screen, strokes)
            expect(screen.get_by_test_id("label-output-value")).to_have_count(2)
            assert [screen.locator(part).bounding_box() for part in parts] == boxes
            screen.get_by_role("button", name="Clear").click()
            settle(screen)


def test_of_what_is_no_digit_the_network_says_so(page: Page) -> None:
    draw(page, STAR)
    expect(page.locator("#message p").first).to_have_text(ENGLISH("unknown"))
    expect(page.locator("#remark")).to_have_count(1)
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#remark")).to_have_count(0)


def test_of_a_number_every_digit_has_a_tile_that_shows_its_answers(visitor: Visitor) -> None:
    page, tiles = visitor.page, visitor.page.locator("#tiles").get_by_role("button")

    def expect_chosen(index: int, label: str) -> None:
        expect_answer(page, label)
        expect(page.locator("#cnn-evidence")).to_contain_text(
            visitor.reads("score", label=label, score="")
        )
        expect(tiles.nth(index)).to_have_attribute("aria-pressed", "true")
        expect(page.locator("#tiles [aria-pressed=true]")).to_have_count(1)
        small = tiles.nth(index).locator("img").get_attribute("src")
        expect(page.locator("#digit img")).to_have_attribute("src", small)

    visitor.draws(PAIR)
    expect(page.locator("#message p").first).to_have_text(visitor.reads("agree", cnn="01"))
    expect(tiles).to_have_count(2)
    expect(page.locator("#tiles").get_by_role("group")).to_have_accessible_name(
        visitor.reads("digits")
    )
    expect_chosen(0, "0")
    page.evaluate("() => { fetch = () => { throw Error('a tile asks the server'); }; }")
    visitor.presses(tiles.nth(1))
    expect_chosen(1, "1")
    page.keyboard.press("ArrowLeft")
    expect(tiles.nth(0)).to_be_focused()
    expect_chosen(0, "0")
    expect(tiles.nth(1)).to_have_accessible_name(
        visitor.reads("tile", index=2, total=2, cnn=1, linear=1)
    )


def test_over_an_upload_lie_the_boxes_of_its_digits(page: Page, phone: Page) -> None:
    readings = Reader.default().read_number(NUMBER).readings
    for screen in (page, phone):
        upload(screen, NUMBER)
        boxes = screen.locator("#picture .boxes rect")
        expect(boxes).to_have_count(4)
        screen.locator("#tiles").get_by_role("button").nth(2).click()
        expect(boxes.nth(2)).to_have_class("chosen")
        expect(screen.locator("#picture .chosen")).to_have_count(1)
        left, top, scale = screen.locator("#picture .image-frame img").evaluate(SHOWN_AT)
        for rectangle, reading in zip(boxes.all(), readings, strict=True):
            place = rectangle.bounding_box()
            assert place["x"] == pytest.approx(left + scale * reading.box[0], abs=3)
            assert place["y"] == pytest.approx(top + scale * reading.box[1], abs=3)
            assert place["width"] == pytest.approx(scale * (reading.box[2] - reading.box[0]), abs=6)
        screen.get_by_role("tab", name="Draw").click()
        expect(screen.locator("#tiles button")).to_have_count(0)


def test_a_look_inside_fetches_the_networks_then_and_shows_what_the_server_answers(
    visitor: Visitor,
) -> None:
    page, asked = visitor.page, list[str]()
    page.on("request", lambda request: asked.append(request.url))
    visitor.draws(PAIR)
    assert [address for address in asked if address.endswith(".layers")] == []
    look_inside(page)
    assert len([address for address in asked if address.endswith(".layers")]) == 2
    for index, label in enumerate("01"):
        visitor.presses(page.locator("#tiles").get_by_role("button").nth(index))
        expect_answer(page, label)
        for maps, model in (("classes", "cnn"), ("products", "linear")):
            score = page.locator(f"#{model}-evidence .score").inner_text().split("+")[1]
            told = page.locator(f"#layers .maps.{maps} .told").nth(int(label))
            expect(told).to_contain_text(score)
    visitor.presses_button(visitor.reads("clear"))
    expect(page.locator("#layers")).to_contain_text(visitor.reads("layers_empty"))


def test_networks_that_cannot_be_fetched_are_told_of_and_asked_for_again(page: Page) -> None:
    draw(page, DIGITS["2"])
    page.route("**/*.layers", lambda route: route.abort())
    page.locator("#layers summary").click()
    expect(page.locator("#layers").get_by_role("alert")).to_have_text(ENGLISH("layers_failed"))
    page.unroute("**/*.layers")
    draw(page, DIGITS["1"])
    expect(page.locator("#layers .maps.classes button")).to_have_count(10)


@pytest.mark.parametrize("label", ["2", "7"])
def test_a_digit_before_the_camera_is_read_and_not_its_mirror_image(
    browser: Browser, address: str, tmp_path: Path, label: str
) -> None:
    film = tmp_path / "camera.y4m"
    shape = (480, 640)
    gray = 230 - ink_of(DIGITS[label], shape, (180, 80), 300, 26) // 4 * 3
    film.write_bytes(
        b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420jpeg\nFRAME\n"
        + gray.tobytes()
        + bytes([128]) * (gray.size // 2)
    )
    with launch(
        browser.browser_type,
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ) as chromium:
        page = open_page(chromium.new_context(**SCREENS["laptop"]), address)
        page.get_by_role("tab", name="Upload").click()
        page.get_by_role("button", name="Capture from camera").click()
        page.get_by_role("button", name="Click to Access Webcam").click()
        page.wait_for_function("document.querySelector('video')?.readyState === 4")
        page.wait_for_timeout(500)  # until its first pictures are there
        page.get_by_role("button", name="capture photo").click()
        expect_answer(page, label)


def test_the_digit_shown_is_the_28_by_28_that_the_models_saw(page: Page) -> None:
    draw(page, DIGITS["6"])
    size = "image => [image.naturalWidth, image.naturalHeight]"
    shown = page.locator("#digit img")
    assert shown.evaluate(size) == [28, 28]
    expect(shown).to_have_css("image-rendering", "pixelated")
    under_maps = "all => all.map((ink) => getComputedStyle(ink).backgroundImage)"
    inks = page.locator(".evidence .ink").evaluate_all(under_maps)
    assert inks == [f'url("{shown.get_attribute("src")}")'] * 2


def test_the_pad_is_sharp_on_a_phone_and_fits_it(phone: Page) -> None:
    canvas = phone.locator("#pad canvas")
    assert canvas.evaluate("e => e.width / e.clientWidth") == pytest.approx(3, abs=0.02)
    assert canvas.bounding_box()["width"] > 330
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_phone_shows_the_pad_and_both_answers_without_scrolling(phone: Page) -> None:
    touch(phone, DIGITS["0"])
    for answer in phone.get_by_test_id("label-output-value").all():
        expect(answer).to_be_in_viewport(ratio=1)


def test_a_laptop_shows_everything_without_scrolling(page: Page) -> None:
    draw(page, DIGITS["0"])
    expect_answer(page, "0")
    assert page.evaluate("document.documentElement.scrollHeight") <= LAPTOP["height"]


def test_a_phone_on_its_side_shows_pad_buttons_and_both_answers(
    browser: Browser, address: str
) -> None:
    with browser.new_context(viewport=ON_ITS_SIDE, has_touch=True, is_mobile=True) as context:
        screen = open_page(context, address)
        touch(screen, DIGITS["0"])
        expect_answer(screen, "0")
        for part in ("#pad canvas", "#pad .clear", "#cnn-evidence .map", "#linear-evidence .map"):
            expect(screen.locator(part)).to_be_in_viewport(ratio=1)
        screen.get_by_role("tab", name="Upload").click()
        expect(screen.locator("#picture")).to_be_in_viewport(ratio=1)
        screen.get_by_role("tab", name="Draw").click()
        for answer in screen.get_by_test_id("label-output-value").all():
            expect(answer).to_be_in_viewport(ratio=1)
        assert screen.evaluate("document.documentElement.scrollWidth") <= ON_ITS_SIDE["width"]


def test_a_drawing_survives_a_look_at_the_other_tab(page: Page) -> None:
    draw(page, DIGITS["5"])
    expect_answer(page, "5")
    page.get_by_role("tab", name="Upload").click()
    expect_no_answer(page)
    page.get_by_role("tab", name="Draw").click()
    expect_answer(page, "5")
    draw(page, DIGITS["5"])
    page.get_by_role("button", name="Clear").click()
    expect_no_answer(page)


def test_the_other_rooms_show_the_record_and_code_with_the_pages_own_address(
    visitor: Visitor, address: str
) -> None:
    page = visitor.page
    visitor.draws(DIGITS["5"])
    visitor.goes_to("compare_tab")
    expect(page.get_by_role("heading", name=visitor.reads("table"))).to_be_visible()
    for does in ("cnn_does", "linear_does"):
        expect(page.get_by_text(visitor.reads(does))).to_be_visible()
    expect(page.locator("#results table.confusion tbody tr")).to_have_count(20)
    visitor.presses(page.get_by_role("button", name=visitor.reads("templates")))
    expect(page.get_by_role("img", name=visitor.reads("templates"))).to_be_visible()
    visitor.goes_to("code_tab")
    for name in ("gradio_client", "curl", "MCP"):
        code = page.locator(".block", has_text=name).filter(has=page.locator(".cm-content"))
        expect(code.last).to_contain_text(address)
    visitor.goes_to("read_tab")
    expect_answer(page, "5")
    expect(page.get_by_role("button", name=visitor.reads("undo"))).to_be_enabled()


def test_an_uploaded_picture_is_read_and_can_be_removed(visitor: Visitor) -> None:
    upload(visitor.page, sorted(EXAMPLES.glob("3_*"))[0], visitor.reads("upload"))
    expect_answer(visitor.page, "3")
    visitor.presses_button(visitor.reads("remove"))
    expect_no_answer(visitor.page)
    expect(visitor.page.locator("#message")).to_have_text(visitor.reads("waiting"))


def test_a_pasted_picture_is_read(visitor: Visitor) -> None:
    page = visitor.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    picture = base64.b64encode(sorted(EXAMPLES.glob("7_*.png"))[0].read_bytes()).decode()
    page.evaluate(COPY, f"data:image/png;base64,{picture}")
    visitor.goes_to("upload")
    visitor.presses_button(visitor.reads("paste"))
    expect_answer(page, "7")


@pytest.mark.parametrize("what", ["unreadable", "blank"])
def test_a_picture_that_cannot_be_read_gets_one_sentence(
    page: Page, tmp_path: Path, what: str
) -> None:
    path = tmp_path / "picture.png"
    if what == "blank":
        Image.new("L", (50, 50), 255).save(path)
    else:
        path.write_bytes(b"no picture at all")
    upload(page, path)
    expect(page.get_by_role("alert")).to_contain_text("picture")
    expect_no_answer(page)


def test_one_press_on_an_example_fills_the_upload_and_shows_both_answers(visitor: Visitor) -> None:
    page = visitor.page
    pictures = sorted(path.name for path in EXAMPLES.glob("[0-9]*_*"))
    visitor.draws(DIGITS["1"])
    for index in (0, len(pictures) - 1):
        visitor.presses(page.locator("#examples button").nth(index))
        expect_answer(page, pictures[index][0])
    upload_tab = page.get_by_role("tab", name=visitor.reads("upload"), exact=True)
    expect(upload_tab).to_have_attribute("aria-selected", "true")
    expect(page.locator("#picture img")).to_be_visible()


@pytest.mark.parametrize("locale", ["pt-BR", "pt-PT"])
def test_the_page_speaks_portuguese_to_who_reads_it(
    browser: Browser, address: str, tmp_path: Path, locale: str
) -> None:
    words = WORDS["pt"]
    with browser.new_context(viewport=LAPTOP, locale=locale) as context:
        page = open_page(context, address, undo="Desfazer")
        assert page.evaluate("[document.documentElement.lang, document.title]") == [
            "pt-BR",
            words("title"),
        ]
        expect(page.locator("#message")).to_have_text(words("waiting"))
        empty = page.locator("#digit").get_by_role("img")
        expect(empty).to_have_attribute("aria-label", words("digit_empty"))
        draw(page, DIGITS["7"])
        expect(page.locator("#cnn-label")).to_contain_text(words("cnn"))
        expect(page.locator("#cnn-evidence")).to_contain_text("pontos do 7: +")
        expect(page.get_by_text(words("seen"))).to_be_visible()
        path = tmp_path / "picture.png"
        path.write_bytes(b"no picture at all")
        upload(page, path, words("upload"))
        expect(page.get_by_role("alert")).to_have_text(words("unknown_format"))
        said = page.locator("body").inner_text()
        english = [text for text in WORDS["en"].sentences.values() if len(text) > 3]
        assert [text for text in english if text in said] == []
        assert "page_" not in said


def test_the_page_asks_nothing_of_other_machines(browser: Browser, address: str) -> None:
    with browser.new_context() as context:
        asked: list[str] = []
        context.on("request", lambda request: asked.append(request.url))
        page = open_page(context, address)
        draw(page, DIGITS["8"])
        expect_answer(page, "8")
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
