"""What a visitor can be told when something is wrong with a picture or a model.

MnistModelsError        anything a visitor can be told
  PictureError            unreadable, unsafe or absurd picture
  NoInkError              nothing to read: blank, one flat color
  ModelError              unknown name, missing or corrupt file, unknown revision
"""

from mnist_models.words import ENGLISH, WORDS, Words


class MnistModelsError(Exception):
    """Anything a visitor can be told, in any language; as text it is the English sentence.

    Args:
        key: The sentence's key in `mnist_models/words/`.
        **values: What fills the sentence's gaps.
    """

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(WORDS[ENGLISH](key, **values))
        self.key = key
        self.values = values

    def told(self, words: Words) -> str:
        """Return the sentence in a language."""
        return words(self.key, **self.values)


class PictureError(MnistModelsError):
    """The picture cannot be read, is not safe to read, or has an absurd size."""


class NoInkError(MnistModelsError):
    """The picture holds nothing to read: it is blank or one flat color."""


class ModelError(MnistModelsError):
    """A model's name is unknown, or its file is missing, corrupt or of an unknown revision."""
