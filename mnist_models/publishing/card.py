"""A model's card on the Hub: what it is, how to use it, what was measured, where it ends."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from huggingface_hub import EvalResult, ModelCard, ModelCardData, constants

from mnist_models.models.loading import KERAS_NAME, MODEL_NAME
from mnist_models.models.record import ModelRecord, tell_recipe
from mnist_models.publishing.examples import Example

DATASET = "ylecun/mnist"

NUM_TOLD = 3
"""Labels that are told of an example, the most probable ones."""


def make_card(
    name: str,
    record: ModelRecord,
    repo: str,
    captions: Mapping[str, str],
    examples: Sequence[Example],
    page: str,
    code: str | None,
) -> ModelCard:
    """Write a model's card.

    Args:
        name: The network's name.
        record: The model's record, from which every number comes.
        repo: Where the card goes, such as "me/mnist-cnn".
        captions: What each plot shows, by its file.
        examples: Pictures with the model's answers, which are committed beside the card.
        page: The address of the Space in which people try the model.
        code: The address of the code, where it is known.
    """
    pictures = "\n\n".join(f"{told}\n\n![{told}]({file})" for file, told in captions.items())
    recipe = tell_recipe(record.recipe)
    drawn = "what its training draws by rule" if record.recipe.get("varied") else "nothing else"
    training = f" [This code]({code}) trained it." if code else ""
    return ModelCard(f"""---
{make_metadata(record, repo, examples)}
---

# {repo.split("/")[1]}

`{name}` reads handwritten digits. It was trained on MNIST's training digits and on {drawn}.

[Draw for it]({page}), and see what it makes of that.{training} What prepares pictures for it lies
here too, in [mnist_models]({constants.ENDPOINT}/{repo}/tree/main/mnist_models).

```python
from huggingface_hub import hf_hub_download
from keras.saving import load_model
load_model(hf_hub_download("{repo}", "{KERAS_NAME}")).predict(digits)["probabilities"]
```

`{KERAS_NAME}` loads under TensorFlow, JAX and PyTorch, by Keras 3. So does
`load_model("hf://{repo}")` where TensorFlow is installed.

`digits` are uint8 (n, 28, 28), 0 for ground to 255 for full ink, each fitted into 20 by 20 pixels
and balanced on the middle as MNIST's are. The answer is float32 (n, 10). `{MODEL_NAME}` is the same
model for LiteRT, and gives logits, evidence and doubt too.

## Measured

{make_table(record)}

The test digits chose nothing. Every number stands in `record.json`.

## Made

Layers: {", ".join(record.layers)}.

Recipe: {recipe}, seed {record.seed}.

{pictures}

## Limits

- It knows the hands of MNIST: American census workers and pupils of around 1990. Digits as other
  countries write them, other pens and photos it has at best seen imitated.
- A test score says little about drawings. A picture that is not prepared as MNIST's digits were
  is read at random.
- It reads one digit. Whatever else it is shown, it still names one of ten labels.
- How sure it may be was checked on MNIST's digits alone; elsewhere it is often too sure.
- Some of MNIST's own test labels are known to be wrong (Northcutt, Athalye and Mueller 2021).
- Let nothing that matters to a person depend on it.
""")


def make_metadata(record: ModelRecord, repo: str, examples: Sequence[Example]) -> ModelCardData:
    """Return what the Hub reads of a card, with the result in its model index and the examples."""
    result = EvalResult(
        task_type="image-classification",
        dataset_type=DATASET,
        dataset_name="MNIST",
        dataset_split="test",
        metric_type="accuracy",
        metric_name="accuracy",
        metric_value=record.accuracy,
    )
    return ModelCardData(
        license="mit",
        library_name="keras",
        pipeline_tag="image-classification",
        tags=["mnist", "handwriting", "litert"],
        datasets=[DATASET],
        metrics=["accuracy"],
        model_name=repo.split("/")[1],
        eval_results=[result],
        widget=[
            {
                "src": f"{constants.ENDPOINT}/{repo}/resolve/main/{example.path}",
                "example_title": Path(example.path).stem.replace("_", " "),
                "output": [
                    {"label": label, "score": round(share, 4)}
                    for label, share in example.ranking[:NUM_TOLD]
                ],
            }
            for example in examples
        ],
    )


def make_table(record: ModelRecord) -> str:
    """Return what was measured as a Markdown table."""
    low, high = record.interval
    mean, deviation = record.accuracy_over_seeds
    chosen = "the seed" if record.recipe.get("ema_momentum") else "epoch and seed"
    rows = {
        "errors on the test digits": f"{record.errors} of {record.num_test:,}",
        "accuracy": f"{record.accuracy:.2%}, 95 % interval {low:.2%} to {high:.2%}",
        f"accuracy, seeds trained: {len(record.seeds)}": f"mean {mean:.3%}, sd {deviation:.3%}",
        f"errors on the validation digits, which chose {chosen}": (
            f"{record.validation_errors} of {record.num_validation:,}"
        ),
        "accuracy by digit": ", ".join(
            f"{label}: {share:.1%}" for label, share in record.accuracy_by_label.items()
        ),
        "expected calibration error": f"{record.calibration_error:.2%}",
        "parameters": f"{record.num_parameters:,}",
        "time per epoch": f"{record.seconds_per_epoch} s",
        "time per digit in LiteRT": f"{record.milliseconds_per_digit} ms",
        "machine": record.machine,
    }
    lines = [f"| {what} | {figure} |" for what, figure in rows.items()]
    return "\n".join(["| | |", "|---|---|", *lines])
