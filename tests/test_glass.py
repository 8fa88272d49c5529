"""The static page in a real Chromium: it reads as the served page does, and asks nobody."""

import json
import os
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from glass.build import build
from mnist_models import Reader, open_picture, to_digit
from mnist_models.publishing.static import main as publish
from testing.browser import LAPTOP, PHONE, draw, expect_answer, expect_no_answer, open_page, touch
from testing.hub import Hub
from testing.strokes import DIGITS, line
from web.components.pad import decode_drawing
from web.words import WORDS

ENGLISH = WORDS["en"]

LARGEST = 1_000_000
"""Bytes of the whole page."""

NEAR = 8
"""Grey levels by which a pixel may differ from the one that Python makes."""

STAR = [line((500, 0), (800, 1000), (0, 350), (1000, 350), (200, 1000), (500, 0))]
"""No digit."""

DRAW = """
    async (drawings) => {
      const canvas = document.querySelector("#pad canvas");
      const { left, top, width } = canvas.getBoundingClientRect();
      const send = (kind, [x, y]) => canvas.dispatchEvent(new PointerEvent(kind, {
        pointerId: 1, button: 0, bubbles: true, clientX: left + width * (0.15 + 0.0007 * x),
        clientY: top + width * (0.15 + 0.0007 * y) }));
      const made = [];
      for (const strokes of drawings) {
        for (const stroke of strokes) {
          send("pointerdown", stroke[0]);
          for (const point of stroke.slice(1)) send("pointermove", point);
          send("pointerup", stroke.at(-1));
        }
        const picture = components.pad.props.value;
        made.push([picture.toDataURL(), [...digitOf(levelsOf(picture))]]);
        document.querySelector("#pad .clear").click();
      }
      return made;
    }
"""
"""Draws digits on the pad, and returns for each the pad's picture and what the page makes of it."""


class Quiet(SimpleHTTPRequestHandler):
    """Python's own server of files, without its log."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `make glass` writes."""
    folder = tmp_path_factory.mktemp("glass")
    for name, content in build("https://example.org/digits").items():
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def server(folder: Path) -> Iterator[ThreadingHTTPServer]:
    """A server of files."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def open_glass(browser: Browser, folder: Path, undo: str = "Undo", **options: Any) -> Page:
    """Open the page as a file."""
    return open_page(browser.new_context(**options), (folder / "index.html").as_uri(), undo)


@pytest.fixture
def page(browser: Browser, folder: Path) -> Iterator[Page]:
    """The page on a laptop."""
    page = open_glass(browser, folder, viewport=LAPTOP)
    yield page
    page.context.close()


def look_inside(page: Page, language: str = "en") -> None:
    """Open the layers."""
    page.locator("#layers summary").click()
    expect(page.locator("#layers h3").first).to_have_text(WORDS[language]("cnn"))


def test_the_whole_page_is_small(folder: Path) -> None:
    assert sum(path.stat().st_size for path in folder.iterdir()) <= LARGEST


def test_after_loading_it_asks_nobody_and_reads_on_when_its_server_has_stopped(
    browser: Browser, server: ThreadingHTTPServer
) -> None:
    address = f"http://127.0.0.1:{server.server_port}/"
    with browser.new_context(viewport=LAPTOP) as context:
        asked: list[str] = []
        context.on("request", lambda request: asked.append(request.url))
        page = open_page(context, address)
        server.shutdown()
        server.server_close()
        for label in "27":
            draw(page, DIGITS[label])
            expect_answer(page, label)
            page.get_by_role("button", name="Clear").click()
            expect_no_answer(page)
        draw(page, DIGITS["5"])
        look_inside(page)
        expect(page.locator("#layers .maps.classes button")).to_have_count(10)
    assert [url for url in asked if not url.startswith("data:")] == [address]


def test_both_models_answer_before_the_pen_is_lifted_and_undo_takes_it_back(page: Page) -> None:
    draw(page, DIGITS["1"])
    expect_answer(page, "1")
    expect_answer(page, "1", "linear")
    first = page.locator("#digit img").get_attribute("src")
    draw(page, [[[200, 100], [800, 900]]])
    expect(page.locator("#digit img")).not_to_have_attribute("src", str(first))
    second = page.locator("#digit img").get_attribute("src")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#digit img")).to_have_attribute("src", str(first))
    page.get_by_role("button", name="Redo").click()
    expect(page.locator("#digit img")).to_have_attribute("src", str(second))


def test_a_link_brings_its_drawing_along(browser: Browser, folder: Path, page: Page) -> None:
    draw(page, DIGITS["6"])
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name=ENGLISH("link")).click()
    expect(page.locator("#pad .notice")).to_have_text(ENGLISH("link_copied"))
    address = page.evaluate("navigator.clipboard.readText()")
    assert address.startswith((folder / "index.html").as_uri() + "#d=")
    with browser.new_context(viewport=LAPTOP) as context:
        expect_answer(open_page(context, address), "6")


def test_drawings_become_the_digits_that_python_makes_of_them(page: Page) -> None:
    named = os.environ.get("PEN_STROKES")
    drawn = json.loads(Path(named).read_text("utf-8"))[::10] if named else []
    drawings = [one["strokes"] for one in drawn] or list(DIGITS.values())
    made = [
        one
        for start in range(0, len(drawings), 100)
        for one in page.evaluate(DRAW, drawings[start : start + 100])
    ]
    ours = np.array([digit for _, digit in made], np.uint8).reshape(-1, 28, 28)
    theirs = np.array([to_digit(open_picture(decode_drawing(url))) for url, _ in made])
    difference = np.abs(ours.astype(int) - theirs).max(axis=(1, 2))
    assert np.mean(difference <= NEAR) >= 0.99
    for model in Reader.default().classifiers.values():
        labels = [model.predict(digits).probabilities.argmax(axis=1) for digits in (ours, theirs)]
        assert np.mean(labels[0] == labels[1]) >= 0.998


def test_what_is_no_digit_is_doubted_in_a_sentence(page: Page) -> None:
    draw(page, STAR)
    expect(page.locator("#message p").first).to_have_text(ENGLISH("unknown"))
    expect(page.locator("#remark")).to_have_count(1)


def test_a_press_on_a_row_shows_that_digits_evidence_until_the_next_reading(page: Page) -> None:
    draw(page, DIGITS["7"])
    for model in ("cnn", "linear"):
        score = page.locator(f"#{model}-evidence .score")
        expect(score).to_contain_text("score of 7: +")
        page.locator(f"#{model}").get_by_test_id("4-confidence-set").click()
        expect(score).to_contain_text("score of 4: ")
    draw(page, [[[100, 950], [900, 960]]])
    expect(page.locator("#cnn-evidence .score")).not_to_contain_text("score of 4: ")


def test_it_says_what_it_does_not_do_and_links_to_the_page_that_does(page: Page) -> None:
    about = page.locator("#about")
    expect(about).to_contain_text(ENGLISH("glass_limits"))
    link = about.get_by_role("link", name=ENGLISH("glass_page"))
    expect(link).to_have_attribute("href", "https://example.org/digits")
    assert "<a " not in build(None)["index.html"].decode()


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_a_phone_needs_no_scrolling_sideways(
    browser: Browser, folder: Path, scheme: Any, language: str
) -> None:
    words = WORDS[language]
    options: dict[str, Any] = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
    locale = {"en": "en-US", "pt": "pt-BR"}[language]
    options |= {"color_scheme": scheme, "locale": locale}
    page = open_glass(browser, folder, words("undo"), **options)
    assert violations(page) == []
    touch(page, DIGITS["3"])
    expect_answer(page, "3")
    look_inside(page, language)
    page.locator("#layers .maps.layer button").nth(9).click()
    expect(page.locator("#layers figure")).to_have_count(3)
    page.locator("#layers .maps.products button").nth(3).click()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    said = page.locator("body").inner_text()
    (other,) = set(WORDS) - {language}
    foreign = [text for text in WORDS[other].sentences.values() if len(text) > 5 and text in said]
    assert foreign == []
    page.context.close()


def violations(page: Page) -> list[str]:
    """Return all that axe-core finds."""
    return [
        f"{found['id']}: {node['html'][:150]} {node['failureSummary']}"
        for found in Axe().run(page).response["violations"]
        for node in found["nodes"]
    ]


def test_a_laptop_shows_pad_and_answers_without_scrolling(page: Page) -> None:
    draw(page, DIGITS["0"])
    expect_answer(page, "0")
    assert page.evaluate("document.documentElement.scrollHeight") <= LAPTOP["height"]


def test_the_sum_that_is_told_of_a_number_is_the_number_in_the_map(page: Page) -> None:
    draw(page, DIGITS["8"])
    look_inside(page)
    for row in (0, 3, 5):
        page.locator("#layers .maps.layer").nth(row).get_by_role("button").first.click()
        panel = page.locator("#layers .panel")
        *_, bias, total, told = panel.locator("p").all_inner_texts()
        parts = [last_number(text) for text in panel.locator("figcaption").all_inner_texts()]
        assert len(parts) == (1 if row == 0 else 3)
        rest = [text for text in panel.locator("p").all_inner_texts() if "together" in text]
        numbers = [*parts, *(last_number(text) for text in [*rest, bias])]
        assert last_number(total) == pytest.approx(sum(numbers), abs=0.03)
        assert f"{max(last_number(total), 0):.2f}" in told


def last_number(text: str) -> float:
    """Return the number at a sentence's end."""
    return float(text.split()[-1].removesuffix(".").replace("\u2212", "-"))


def test_layers_are_reached_and_explained_by_keyboard(page: Page) -> None:
    draw(page, DIGITS["4"])
    page.locator("#layers summary").focus()
    page.keyboard.press("Enter")
    row = page.locator("#layers .maps.layer").nth(1)
    expect(row.get_by_role("button")).to_have_count(8)
    row.get_by_role("button").first.focus()
    page.keyboard.press("ArrowRight")
    expect(row.get_by_role("button").nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    title = page.locator("#layers .panel").get_by_role("status")
    expect(title).to_contain_text("Layer 2, map ")
    page.locator("#layers .panel").get_by_label(ENGLISH("cell_row")).focus()
    page.keyboard.press("Home")
    expect(title).to_contain_text("row 1, ")
    page.get_by_role("button", name=ENGLISH("show_all", count=32)).first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#layers .maps.layer").first.get_by_role("button")).to_have_count(32)


def test_layers_follow_the_pen(page: Page) -> None:
    draw(page, DIGITS["1"])
    look_inside(page)
    shares = page.locator("#layers .maps.classes .told")
    expect(shares.nth(1)).to_contain_text("9")
    before = shares.all_inner_texts()
    draw(page, [[[200, 100], [800, 900]]])
    expect(shares.nth(1)).not_to_have_text(before[1])
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#layers")).to_contain_text(ENGLISH("layers_empty"))


@pytest.mark.filterwarnings("ignore:Use 'content=:DeprecationWarning")
def test_it_is_published_as_a_static_space_in_one_commit(
    hub_here: Hub, capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    assert publish(["me/digits-glass", str(folder)]) == 0
    assert capsys.readouterr().out == f"{hub_here.address}/spaces/me/digits-glass\n"
    repo = hub_here.repos["spaces/me/digits-glass"]
    (files,) = repo.commits.values()
    assert repo.settings["sdk"] == "static"
    assert files["index.html"] == (folder / "index.html").read_bytes()
    assert b"sdk: static" in files["README.md"]
