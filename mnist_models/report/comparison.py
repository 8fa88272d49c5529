"""The networks of the comparison: what was claimed of them beside what was measured."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mnist_models.models.record import ModelRecord


@dataclass(frozen=True)
class Claim:
    """What a project states of its network.

    Attributes:
        accuracy: Share of digits read right, 0..1.
        why: By language, why the measurement is another, in a sentence; told where the claim lies
            outside the measurement's interval.
        seconds_per_epoch: On its own machine; None where nothing is stated.
        milliseconds_per_digit: On its own machine; None where nothing is stated.
    """

    accuracy: float
    why: Mapping[str, str]
    seconds_per_epoch: float | None = None
    milliseconds_per_digit: float | None = None


CLAIMS: dict[str, Claim] = {
    "cnn": Claim(
        0.9992,
        {
            "en": "It would mean 8 errors, fewer than the 15 test digits whose labels are known to "
            "be wrong (Northcutt 2021): likelier the accuracy on training digits, after 100 "
            "epochs.",
            "pt": "Seriam 8 erros, menos que os 15 dígitos de teste cujos rótulos se sabe errados "
            "(Northcutt 2021): mais provável é a acurácia nos dígitos de treino, após 100 épocas.",
        },
    ),
    "linear": Claim(
        0.9782,
        {
            "en": "No single layer on the pixels comes near it; a hidden layer does, or counting "
            "each of the ten outputs as an answer of its own.",
            "pt": "Nenhuma camada única sobre os pixels chega perto; uma camada oculta chega, ou "
            "contar cada uma das dez saídas como uma resposta à parte.",
        },
    ),
    "lenet_bn": Claim(
        0.9981,
        {
            "en": "None of its 50 epochs comes near it on validation digits; on training digits "
            "the later ones pass it.",
            "pt": "Nenhuma das 50 épocas chega perto nos dígitos de validação; nos de treino, as "
            "últimas a ultrapassam.",
        },
    ),
    "linear_mse": Claim(
        0.9792,
        {
            "en": "No single layer on the pixels comes near it, whatever its loss; a hidden layer "
            "does, or counting each of the ten outputs as an answer of its own.",
            "pt": "Nenhuma camada única sobre os pixels chega perto, seja qual for a perda; uma "
            "camada oculta chega, ou contar cada uma das dez saídas como uma resposta à parte.",
        },
    ),
    "lenet5": Claim(
        0.9939,
        {
            "en": "Epochs and batch size are not stated, and one seed is one draw.",
            "pt": "Épocas e tamanho do lote não são informados, e uma semente é um só sorteio.",
        },
        seconds_per_epoch=80,
        milliseconds_per_digit=127,
    ),
    "mlp": Claim(
        0.9836,
        {
            "en": "Epochs and batch size are not stated; on training digits it comes this far.",
            "pt": "Épocas e tamanho do lote não são informados; nos dígitos de treino chega lá.",
        },
        seconds_per_epoch=6,
        milliseconds_per_digit=67,
    ),
    "convnet": Claim(
        0.98,
        {
            "en": "Claimed after three epochs, as trained here, and in round numbers.",
            "pt": "Alegada após três épocas, como treinada aqui, e em números redondos.",
        },
    ),
}
"""By network. What another project calls its CNN and its linear model stands with ours."""

HEADER = {
    "en": (
        "network",
        "claimed",
        "test accuracy (95 % interval)",
        "training accuracy",
        "parameters",
        "size",
        "seconds per epoch",
        "milliseconds per digit",
        "why claim and measurement differ",
    ),
    "pt": (
        "rede",
        "alegada",
        "acurácia no teste (intervalo de 95 %)",
        "acurácia no treino",
        "parâmetros",
        "tamanho",
        "segundos por época",
        "milissegundos por dígito",
        "por que alegação e medida diferem",
    ),
}
"""By language."""

WORDS = {
    "en": {
        "claimed": "claimed",
        "within": "The claim lies within the interval.",
        "unclaimed": "Nothing is claimed.",
        "note": "Times were measured on {machine}. Training accuracy counts the training digits "
        "as the kept epoch showed them: to the convolutional network slanted, bent, thicker.",
        "seeds": "{number} seeds read {mean} of the test digits right on average, with a "
        "standard deviation of {deviation}; the table shows seed {seed}, whose validation loss is "
        "the lowest.",
    },
    "pt": {
        "claimed": "alegados",
        "within": "A alegação está dentro do intervalo.",
        "unclaimed": "Nada é alegado.",
        "note": "Tempos medidos em {machine}. A acurácia no treino conta os dígitos de treino como "
        "a época guardada os mostrou: à rede convolucional, inclinados, tortos, mais grossos.",
        "seeds": "{number} sementes leem certo em média {mean} dos dígitos de teste, com desvio "
        "padrão de {deviation}; a tabela mostra a semente {seed}, a de menor perda na validação.",
    },
}
"""By language, what stands in and below the table."""


def write_table(record: Mapping[str, ModelRecord], language: str = "en") -> str:
    """Write claims and measurements as a Markdown table, with machine and seeds below it."""
    rows, notes = [], [write_note(record, language)]
    for name, entry in record.items():
        reason = explain(name, entry, language)
        rows.append([f"`{name}`", *write_numbers(name, entry, language), reason])
        if seeds := write_seeds(entry, language):
            notes.append(f"`{name}`: {seeds}")
    paragraphs = "\n\n".join(notes)
    return f"{as_markdown(HEADER[language], rows)}\n{paragraphs}\n"


def as_markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def write_numbers(name: str, entry: ModelRecord, language: str) -> list[str]:
    """Write a network's numbers, in the header's order."""
    claim = CLAIMS.get(name)
    low, high = entry.interval
    numbers = [
        f"{claim.accuracy:.2%}" if claim else "",
        f"{entry.accuracy:.2%} ({low:.2%} – {high:.2%})",  # noqa: RUF001 - a range's dash
        f"{entry.training_accuracy:.2%}",
        f"{entry.num_parameters:,}",
        f"{entry.num_bytes / 1000:,.0f} kB",
        beside(entry.seconds_per_epoch, claim and claim.seconds_per_epoch, language),
        beside(entry.milliseconds_per_digit, claim and claim.milliseconds_per_digit, language),
    ]
    return [localize(number, language) for number in numbers]


def beside(measured: float, claimed: float | None, language: str) -> str:
    """Write a time, with the claimed one beside it."""
    return f"{measured:g}" + (f" ({WORDS[language]['claimed']}: {claimed:g})" if claimed else "")


def explain(name: str, entry: ModelRecord, language: str) -> str:
    """Say in a sentence why claim and measurement differ, if they do."""
    claim = CLAIMS.get(name)
    if claim is None:
        return WORDS[language]["unclaimed"]
    low, high = entry.interval
    within = low <= claim.accuracy <= high
    return WORDS[language]["within"] if within else claim.why[language]


def write_note(record: Mapping[str, ModelRecord], language: str) -> str:
    """Say where the times were measured, and on what the training accuracy."""
    machines = sorted({entry.machine for entry in record.values()})
    return WORDS[language]["note"].format(machine="; ".join(machines))


def write_seeds(entry: ModelRecord, language: str) -> str:
    """Say in a sentence how much a network's seeds differ; nothing where there is only one."""
    if len(entry.seeds) < 2:
        return ""
    mean, deviation = (localize(f"{share:.2%}", language) for share in entry.accuracy_over_seeds)
    return WORDS[language]["seeds"].format(
        number=len(entry.seeds), mean=mean, deviation=deviation, seed=entry.seed
    )


def localize(number: str, language: str) -> str:
    """Write a number's marks, given as English has them, as a language does."""
    return number if language == "en" else number.translate(str.maketrans(",.", ".,"))
