"""Hide values, or replace them by fictional ones."""

from skanon.masking._masking_transformer import MaskingTransformer

__all__ = ["MaskingTransformer"]
