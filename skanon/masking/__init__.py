"""Hide values, or replace them by fictional ones."""

from skanon.masking._cell_suppressor import CellSuppressor
from skanon.masking._masking_transformer import MaskingTransformer

__all__ = ["CellSuppressor", "MaskingTransformer"]
