"""What programs get, as the OpenAPI page describes it; `mnist_models.reader.as_json` makes it."""

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


class Problem(BaseModel):
    """Why there is no answer."""

    error: str = Field(description="What was received, what was expected, what to do.")


class Health(BaseModel):
    """Whether the models are ready."""

    status: str = Field(description='"ok"', examples=["ok"])
    models: dict[str, str] = Field(description="Each model's revision.")
