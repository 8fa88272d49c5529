"""What a visitor can be told when something is wrong with a picture or a model.

MnistModelsError        anything a visitor can be told
  PictureError            unreadable, unsafe or absurd picture
  NoInkError              nothing to read: blank, one flat color
  ModelError              unknown name, missing or corrupt file, unknown revision
"""


class MnistModelsError(Exception):
    """Anything a visitor can be told; its text is one sentence or two, fit to be shown."""


class PictureError(MnistModelsError):
    """The picture cannot be read, is not safe to read, or has an absurd size."""


class NoInkError(MnistModelsError):
    """The picture holds nothing to read: it is blank or one flat color."""


class ModelError(MnistModelsError):
    """A model's name is unknown, or its file is missing, corrupt or of an unknown revision."""
