"""What programs get, as the OpenAPI page describes it.

`mnist_models.reader.as_json` and `mnist_models.answers.number_as_json` make it.
"""

from pydantic import BaseModel, Field

from mnist_models.models.classifier import DOUBTFUL


class Answer(BaseModel):
    """What one model says of a picture."""

    digit: int = Field(description="The most probable digit, 0 to 9.", ge=0, le=9)
    probabilities: dict[str, float] = Field(description='Of every digit "0" to "9": 0 to 1.')
    doubt: float = Field(
        description=f"0 to 1; above {DOUBTFUL} the model doubts that this is a digit."
    )
    model: str = Field(description="The model's name.", examples=["cnn"])
    revision: str = Field(description='Its commit on the Hub, or "bundled".')


class FoundDigit(BaseModel):
    """One digit of a number."""

    box: list[int] = Field(
        description="Its left, top, right and bottom in the upright picture, in pixels.",
        min_length=4,
        max_length=4,
    )
    line: int = Field(description="The line in which it stands, from 0 at the top.", ge=0)
    cnn: int = Field(description="The digit that the network reads.", ge=0, le=9)
    linear: int = Field(description="The digit that the linear model reads.", ge=0, le=9)
    doubt: float = Field(
        description=f"0 to 1; above {DOUBTFUL} the network doubts which digit this is, or whether."
    )


class NumberAnswer(BaseModel):
    """What both models read of a whole picture."""

    cnn: str = Field(
        description="The digits that the network reads, in reading order, with a space for each "
        "gap and a line break after each line.",
        examples=["42"],
    )
    linear: str = Field(description="The same of the linear model.", examples=["47"])
    digits: list[FoundDigit] = Field(description="Every digit, in reading order.")


class Problem(BaseModel):
    """Why there is no answer."""

    error: str = Field(description="What was received, what was expected, what to do.")


class Health(BaseModel):
    """Whether the models are ready."""

    status: str = Field(description='"ok"', examples=["ok"])
    models: dict[str, str] = Field(description="Each model's revision.")
