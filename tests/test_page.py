"""The page's own rules: what it accepts, what it says, and how it is set up."""

import asyncio
import base64
import io
import re
from dataclasses import replace
from pathlib import Path

import gradio as gr
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from mnist_models import (
    Classifier,
    Number,
    PictureError,
    Prediction,
    Reader,
    Reading,
    open_picture,
)
from mnist_models.reader import row
from web.answers import Answers, answer_visitor, show_number
from web.components.digit import Digit
from web.components.label import DigitLabel
from web.components.pad import decode_drawing
from web.components.png import PREFIX
from web.components.upload import THUMBNAIL, PictureInput
from web.guard.uploads import EXAMPLES, stored_picture
from web.limits import MAX_DRAWING
from web.markup import as_html
from web.page import I18N, build_page, write_about
from web.words import PROGRAMS, WORDS, choose_words


class Always(Classifier):
    """A model that always reads the same digit, and doubts the first so many of them."""

    origin = None

    def __init__(
        self, label: int, doubt: float = 0.0, doubted: int = 100, share: float = 0.91
    ) -> None:
        self.doubt, self.doubted = doubt, doubted
        self.probabilities = np.full((1, 10), (1 - share) / 9, np.float32)
        self.probabilities[0, label] = share

    def predict(self, digits: NDArray[np.uint8]) -> Prediction:
        """Read digits, whatever they are."""
        probabilities = self.probabilities.repeat(len(digits), axis=0)
        logits = np.log(probabilities)
        doubt = np.where(np.arange(len(digits)) < self.doubted, np.float32(self.doubt), 0)
        return Prediction(probabilities, logits, logits[:, None, None], doubt)


@pytest.fixture
def reader() -> Reader:
    """A reader whose models differ."""
    return Reader({"cnn": Always(7), "linear": Always(1)})


@pytest.fixture
def built(reader: Reader) -> gr.Blocks:
    """The page with that reader."""

    async def build() -> gr.Blocks:  # without a running loop Gradio makes one and leaves it open
        return build_page(reader)

    return asyncio.run(build())


def drawing(color: int = 0) -> str:
    """Return what the pad sends for a thick bar."""
    picture = Image.new("L", (128, 128), 255)
    picture.paste(color, (60, 20, 70, 110))
    file = io.BytesIO()
    picture.save(file, "PNG")
    return PREFIX + base64.b64encode(file.getvalue()).decode()


def number_of(reader: Reader, total: int) -> Number:
    """Return a number of so many digits in a line, as a reader's models read them."""
    digits = np.zeros((total, 28, 28), np.uint8)
    said = {name: model.predict(digits) for name, model in reader.classifiers.items()}
    predictions = [{name: row(one, index) for name, one in said.items()} for index in range(total)]
    return Number([[Reading(digits[0], each, (0, 0, 9, 9)) for each in predictions]])


def answer_drawing(reader: Reader, drawing: str | None, language: str = "en") -> Answers:
    """Return what the page says of the pad's value."""
    return answer_visitor(reader, drawing, decode_drawing, WORDS[language])


def test_a_drawing_gets_both_answers_the_digit_and_a_sentence(reader: Reader) -> None:
    cnn, linear, _, _, digit, message, tiles = answer_drawing(reader, drawing())
    assert max(cnn, key=cnn.get) == "7"
    assert max(linear, key=linear.get) == "1"
    assert list(cnn) == list(linear) == list("0123456789")
    assert "the network reads 7, the linear model 1" in message
    assert tiles is None
    encoded = Digit().postprocess(digit).removeprefix(PREFIX)
    shown = np.asarray(Image.open(io.BytesIO(base64.b64decode(encoded))))
    assert np.array_equal(shown, reader.read(decode_drawing(drawing())).digit)


@pytest.mark.parametrize(
    ("doubts", "doubted", "total", "told"),
    [
        ((0, 0), 0, 1, ["agree"]),
        ((0.9, 0), 1, 1, ["unknown", "linear_reads"]),
        ((0.9, 0.9), 1, 1, ["unknown", "unsure"]),
        ((0, 0.9), 1, 1, ["agree", "unsure"]),
        ((0.9, 0), 2, 2, ["agree", "doubts_some"]),
        ((0.9, 0.9), 1, 2, ["agree", "doubts_some"]),
        ((0, 0.9), 1, 2, ["agree", "unsure_of_some"]),
        ((0.9, 0), 1, 13, ["agree_on", "doubts_some"]),
    ],
)
def test_what_is_read_and_what_is_in_doubt_is_told_in_words(
    doubts: tuple[float, float], doubted: int, total: int, told: list[str]
) -> None:
    models = zip(("cnn", "linear"), doubts, strict=True)
    reader = Reader({name: Always(7, doubt, doubted) for name, doubt in models})
    *_, message, _ = show_number(number_of(reader, total), PROGRAMS)
    gaps = {"cnn": "7" * total, "linear": "7" * total, "count": doubted, "total": total}
    assert re.findall(r"<p.*?>(.*?)</p>", message) == [PROGRAMS(key, **gaps) for key in told]


@pytest.mark.parametrize(("doubt", "told"), [(0, ["turned"]), (0.9, ["turned", "doubts_some"])])
def test_that_a_photograph_was_turned_is_told_before_what_is_in_doubt(
    doubt: float, told: list[str]
) -> None:
    reader = Reader({"cnn": Always(7, doubt, 1), "linear": Always(7)})
    read = number_of(reader, 2).readings
    turned = Number([[replace(reading, is_turned=True) for reading in read]])
    *_, message, _ = show_number(turned, PROGRAMS)
    expected = [PROGRAMS(key, count=1, total=2) for key in told]
    assert re.findall(r"<p.*?>(.*?)</p>", message)[1:] == expected


def test_several_digits_that_are_no_digits_are_not_read() -> None:
    reader = Reader({"cnn": Always(7, 0.9, share=0.3), "linear": Always(7)})
    *_, message, _ = show_number(number_of(reader, 2), PROGRAMS)
    told = [PROGRAMS("unknown"), PROGRAMS("linear_reads", linear="77")]
    assert re.findall(r"<p.*?>(.*?)</p>", message) == told


def test_several_digits_get_a_tile_each_and_the_first_in_doubt_is_chosen() -> None:
    read = number_of(Reader({"cnn": Always(7), "linear": Always(1)}), 3).readings
    doubted = number_of(Reader({"cnn": Always(4, 0.9), "linear": Always(4)}), 1).readings
    number = Number([read[:2], [replace(doubted[0], after_space=True), read[2]]])
    cnn, *_, message, tiles = show_number(number, PROGRAMS, "/uploads/picture.png")
    assert max(cnn, key=cnn.get) == "4"
    assert PROGRAMS("differ", cnn="77,  47", linear="11,  41") in message
    assert (tiles["chosen"], tiles["picture"]) == (2, "/uploads/picture.png")
    assert [[tile["index"] for tile in line] for line in tiles["lines"]] == [[0, 1], [2, 3]]
    third = tiles["lines"][1][0]
    assert third["doubted"] and third["apart"]
    assert third["name"] == PROGRAMS("tile_doubted", index=3, total=4, cnn=4, linear=4)
    assert [row.index(max(row)) for row in third["probabilities"]] == [4, 4]
    assert [evidence["label"] for evidence in third["evidence"]] == [4, 4]


@pytest.mark.parametrize("nothing", [None, ""])
def test_an_empty_pad_gets_an_invitation_and_no_answer(reader: Reader, nothing: str | None) -> None:
    *others, message, _ = answer_drawing(reader, nothing)
    assert others == [None] * 5
    assert PROGRAMS("waiting") in message
    assert "alert" not in message


@pytest.mark.parametrize(
    "value",
    [
        "<svg onload=alert(1)>",
        "data:image/svg+xml;base64,PHN2Zz4=",
        PREFIX + "***",
        PREFIX + "A" * MAX_DRAWING,
        {"path": "/etc/passwd"},
        ["a"],
        7,
    ],
    ids=str,
)
def test_a_pad_value_that_is_no_drawing_is_refused_in_a_sentence(value: object) -> None:
    with pytest.raises(PictureError, match="drawing did not arrive"):
        decode_drawing(value)


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "app.py",
        str(EXAMPLES / ".." / "app.py"),
        str(EXAMPLES),
        "",
        "a" * 5000,
        "nul\0byte",
        None,
        7,
        {"path": "x"},
    ],
    ids=lambda path: str(path)[:20].replace("\0", "0"),
)
def test_a_path_that_nobody_uploaded_is_refused(path: object) -> None:
    with pytest.raises(PictureError, match="did not arrive as an uploaded file"):
        stored_picture(path)


def test_a_link_in_the_upload_folder_leads_nowhere_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    (tmp_path / "link.png").symlink_to("/etc/passwd")
    (tmp_path / "file.png").write_bytes(b"")
    assert stored_picture(str(tmp_path / "file.png")) == (tmp_path / "file.png").resolve()
    with pytest.raises(PictureError):
        stored_picture(str(tmp_path / "link.png"))


def test_the_label_keeps_its_rows_in_place_below_the_best_digit() -> None:
    shown = DigitLabel().postprocess({"1": 0.2, "0": 0.1, "2": 0.7})
    assert shown.label == "2"
    assert [row.label for row in shown.confidences] == ["0", "1", "2"]


def test_words_cannot_become_markup() -> None:
    assert as_html("p", "<b>", title='"') == '<p title="&quot;">&lt;b&gt;</p>'


def test_a_components_script_looks_at_nothing_outside_the_component() -> None:
    for script in (EXAMPLES.parent / "web" / "components").glob("*.js"):
        assert not re.search(r"document\.(querySelector|getElement)|closest\(", script.read_text())


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("pt-BR,pt;q=0.9,en;q=0.8", "pt"),
        ("pt", "pt"),
        ("PT-pt", "pt"),
        ("en-US,en;q=0.9,pt;q=0.8", "en"),
        ("de,pt;q=0.5", "en"),
        ("", "en"),
        ("*", "en"),
    ],
)
def test_the_visitors_first_language_is_spoken_or_else_english(
    accepted: str, language: str
) -> None:
    assert choose_words(accepted).language == language


@pytest.mark.parametrize("language", WORDS)
def test_answers_and_errors_are_told_in_the_visitors_language(
    reader: Reader, language: str
) -> None:
    *_, message, _ = answer_drawing(reader, drawing(), language)
    assert WORDS[language]("differ", cnn=7, linear=1) in message
    told = {
        drawing(color=255): "blank",
        PREFIX + base64.b64encode(b"no picture").decode(): "unknown_format",
        "nothing like it": "damaged_drawing",
    }
    for value, key in told.items():
        *nothing, message, _ = answer_drawing(reader, value, language)
        assert nothing == [None] * 5
        assert 'role="alert"' in message
        assert WORDS[language](key) in message


def test_the_page_shows_pad_labels_and_digit_under_their_names(built: gr.Blocks) -> None:
    names = {block.elem_id for block in built.blocks.values()}
    assert {"pad", "cnn-label", "linear-label", "digit"} <= names


def test_every_label_is_sent_in_every_language(built: gr.Blocks) -> None:
    shown = set(re.findall(r"page_(\w+)", str(built.get_config_file())))
    for sent in I18N.translations_dict.values():
        assert set(sent) == {f"page_{key}" for key in shown}


def test_every_event_of_the_page_is_private_and_one_request(built: gr.Blocks) -> None:
    events = [function for function in built.fns.values() if function.api_visibility == "private"]
    public = {function.api_name for function in built.fns.values() if function not in events}
    assert public == {"predict", "predict_cnn", "predict_linear", "predict_number", "predict_batch"}
    assert not any(event.queue for event in events)


def test_the_foot_names_whose_copies_serve_and_what_becomes_of_drawings(reader: Reader) -> None:
    reader.classifiers["cnn"].origin = "me/mnist-cnn@" + "0" * 40
    for words in WORDS.values():
        said = write_about(reader, words)
        assert words("private") in said
        assert f"{words('cnn')}: me/mnist-cnn@{'0' * 7}." in said
        assert f"{words('linear')}: {words('bundled')}" in said


def test_an_example_is_shown_as_a_small_copy_in_its_shape() -> None:
    path = EXAMPLES / "4_photo_shadow.jpg"
    encoded = PictureInput().process_example(str(path))["url"].split("base64,")[1]
    shown = Image.open(io.BytesIO(base64.b64decode(encoded)))
    with open_picture(path) as picture:  # which turns it upright
        assert picture.width / picture.height == pytest.approx(shown.width / shown.height, abs=0.02)
    assert max(shown.size) == THUMBNAIL
    assert len(encoded) < 3000


def test_nothing_is_counted_and_nothing_is_kept(built: gr.Blocks) -> None:
    assert built.delete_cache and sum(built.delete_cache) <= 3600
    assert not built.analytics_enabled
