"""Measure a table: pure functions from a table to a number or a small result."""

from skanon.metrics._alpha_k_anonymity import alpha_k_anonymity
from skanon.metrics._assert_privacy import assert_privacy
from skanon.metrics._attacker_risk import AttackerRisk
from skanon.metrics._attackers import (
    journalist_risk,
    marketer_risk,
    prosecutor_risk,
)
from skanon.metrics._class_frequencies import ClassFrequencies, class_frequencies
from skanon.metrics._class_losses import average_class_size, discernibility
from skanon.metrics._disclosure import beta_likeness, delta_disclosure
from skanon.metrics._entropy_losses import entropy_based_loss, non_uniform_entropy
from skanon.metrics._equivalence_classes import equivalence_classes
from skanon.metrics._global_risk import (
    expected_reidentifications,
    global_risk,
    household_risk,
    risk_threshold,
)
from skanon.metrics._granularity import granularity, ncp
from skanon.metrics._individual_risk import individual_risk
from skanon.metrics._k_anonymity import k_anonymity
from skanon.metrics._l_diversity import l_diversity
from skanon.metrics._level_losses import height, precision
from skanon.metrics._model_risk import ModelRisk, model_risk
from skanon.metrics._numeric_loss import il1, il1s
from skanon.metrics._presence import delta_presence, k_map
from skanon.metrics._quasi_identifier_ranking import (
    QuasiIdentifierRanking,
    quasi_identifier_ranking,
)
from skanon.metrics._record_linkage import record_linkage_risk
from skanon.metrics._risk_summary import RiskSummary, risk_summary
from skanon.metrics._scorer import PrivacyScorer, make_privacy_scorer
from skanon.metrics._share_loss import loss
from skanon.metrics._suda2 import suda2
from skanon.metrics._suda_scores import SudaScores
from skanon.metrics._t_closeness import t_closeness
from skanon.metrics._tuple_losses import ambiguity, kl_divergence
from skanon.metrics._uniqueness import population_uniqueness, sample_uniqueness

__all__ = [
    "AttackerRisk",
    "ClassFrequencies",
    "ModelRisk",
    "PrivacyScorer",
    "QuasiIdentifierRanking",
    "RiskSummary",
    "SudaScores",
    "alpha_k_anonymity",
    "ambiguity",
    "assert_privacy",
    "average_class_size",
    "beta_likeness",
    "class_frequencies",
    "delta_disclosure",
    "delta_presence",
    "discernibility",
    "entropy_based_loss",
    "equivalence_classes",
    "expected_reidentifications",
    "global_risk",
    "granularity",
    "height",
    "household_risk",
    "il1",
    "il1s",
    "individual_risk",
    "journalist_risk",
    "k_anonymity",
    "k_map",
    "kl_divergence",
    "l_diversity",
    "loss",
    "make_privacy_scorer",
    "marketer_risk",
    "model_risk",
    "ncp",
    "non_uniform_entropy",
    "population_uniqueness",
    "precision",
    "prosecutor_risk",
    "quasi_identifier_ranking",
    "record_linkage_risk",
    "risk_summary",
    "risk_threshold",
    "sample_uniqueness",
    "suda2",
    "t_closeness",
]
