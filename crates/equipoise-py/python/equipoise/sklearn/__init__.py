"""For scikit-learn and imbalanced-learn: `pip install equipoise[sklearn]`."""

from ._classifier import EquipoiseClassifier
from ._embeddings import PrecomputedEmbeddings
from ._sampler import TextOverSampler

__all__ = ["EquipoiseClassifier", "PrecomputedEmbeddings", "TextOverSampler"]
