"""Pictures of what the metrics measure, as scikit-learn's displays."""

from skanon.plotting._quasi_identifier_display import QuasiIdentifierDisplay
from skanon.plotting._risk_display import RiskDisplay

__all__ = ["QuasiIdentifierDisplay", "RiskDisplay"]
