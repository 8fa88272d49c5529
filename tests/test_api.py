"""The endpoints through the real client, as programs meet them."""

import io
from pathlib import Path

import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError
from PIL import Image

from web.guard.uploads import EXAMPLES

ENDPOINTS = ("/predict", "/predict_cnn", "/predict_linear", "/predict_number")


@pytest.fixture(scope="session")
def client(address: str) -> Client:
    """A client of the running page."""
    return Client(address, verbose=False)


@pytest.fixture
def example() -> Path:
    """A picture of a 3."""
    return sorted(EXAMPLES.glob("3_*"))[0]


def is_distribution(probabilities: dict[str, float]) -> bool:
    """Tell whether these are the probabilities of the ten digits."""
    return list(probabilities) == list("0123456789") and sum(
        probabilities.values()
    ) == pytest.approx(1, abs=1e-5)


def test_both_models_answer_with_the_probability_of_every_digit(
    client: Client, example: Path
) -> None:
    answers = client.predict(image=handle_file(example), api_name="/predict")
    assert list(answers) == ["cnn", "linear"]
    assert all(is_distribution(answer) for answer in answers.values())
    assert max(answers["cnn"], key=answers["cnn"].get) == "3"


def test_each_model_answers_alone_as_it_does_in_company(client: Client, example: Path) -> None:
    together = client.predict(image=handle_file(example), api_name="/predict")
    for name in ("cnn", "linear"):
        alone = client.predict(image=handle_file(example), api_name=f"/predict_{name}")
        assert alone == pytest.approx(together[name])


def test_a_number_is_told_whole_and_digit_by_digit(client: Client) -> None:
    number = client.predict(
        image=handle_file(EXAMPLES / "42_two_digits.png"), api_name="/predict_number"
    )
    assert (number["cnn"], number["linear"]) == ("42", "42")
    first, second = number["digits"]
    assert (first["cnn"], second["linear"], first["line"], second["line"]) == (4, 2, 0, 0)
    left, top, right, bottom = first["box"]
    assert 0 < left < right < second["box"][2] < 280
    assert 0 < top < bottom < 280


def pictures_that_cannot_be_read() -> dict[str, bytes]:
    """Return the files that must be refused, by what is wrong with them."""
    blank, dot, whole = io.BytesIO(), io.BytesIO(), io.BytesIO()
    Image.new("RGB", (60, 60), "white").save(blank, "PNG")
    Image.new("L", (1, 1)).save(dot, "PNG")
    Image.effect_noise((200, 200), 90).save(whole, "PNG")
    return {
        "unreadable": b"certainly no picture",
        "blank": blank.getvalue(),
        "one_pixel": dot.getvalue(),
        "truncated": whole.getvalue()[:9000],
        "empty": b"",
    }


@pytest.mark.parametrize("what", pictures_that_cannot_be_read())
@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_a_file_that_cannot_be_read_gets_a_sentence(
    client: Client, tmp_path: Path, endpoint: str, what: str
) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(pictures_that_cannot_be_read()[what])
    with pytest.raises(AppError) as caught:
        client.predict(image=handle_file(path), api_name=endpoint)
    sentence = str(caught.value)
    assert sentence.startswith("The ")
    assert sentence.endswith(".")
    assert "Traceback" not in sentence
    assert str(tmp_path) not in sentence


def test_a_batch_gets_an_answer_or_an_error_for_each_in_order(
    client: Client, example: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"certainly no picture")
    seven = sorted(EXAMPLES.glob("7_*"))[0]
    files = [handle_file(path) for path in (example, broken, seven)]
    first, second, third = client.predict(images=files, api_name="/predict_batch")
    assert [first["cnn"]["digit"], third["cnn"]["digit"]] == [3, 7]
    assert list(second) == ["error"]
    assert "not a picture" in second["error"]
    alone = client.predict(image=handle_file(example), api_name="/predict")
    for name in ("cnn", "linear"):
        assert first[name]["probabilities"] == pytest.approx(alone[name], abs=1e-5)
        assert 0 <= first[name]["doubt"] <= 1
        assert first[name]["model"] == name


@pytest.mark.parametrize("count", [0, 101])
def test_an_empty_or_too_long_batch_is_refused_in_a_sentence(client: Client, count: int) -> None:
    with pytest.raises(AppError, match="1 to 100 pictures"):
        client.predict(images=[{"path": "x"}] * count, api_name="/predict_batch")


def test_only_the_endpoints_are_public_and_described(client: Client) -> None:
    endpoints = client.view_api(return_format="dict")["named_endpoints"]
    assert list(endpoints) == [*ENDPOINTS, "/predict_batch"]
    assert endpoints.pop("/predict_batch")["description"].endswith(".")
    for endpoint in endpoints.values():
        (parameter,) = endpoint["parameters"]
        assert parameter["parameter_name"] == "image"
        assert parameter["python_type"]["type"] == "filepath"
        assert endpoint["description"].endswith(".")
