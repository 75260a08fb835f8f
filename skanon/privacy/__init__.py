"""Privacy models: small objects that judge equivalence classes."""

from skanon.privacy._alpha_k_anonymity import AlphaKAnonymity
from skanon.privacy._average_risk import AverageRisk
from skanon.privacy._beta_likeness import BetaLikeness
from skanon.privacy._delta_disclosure import DeltaDisclosure
from skanon.privacy._delta_presence import DeltaPresence
from skanon.privacy._distinct_l_diversity import DistinctLDiversity
from skanon.privacy._entropy_l_diversity import EntropyLDiversity
from skanon.privacy._judge import Judgement, check_models, judge
from skanon.privacy._k_anonymity import KAnonymity
from skanon.privacy._k_map import KMap
from skanon.privacy._p_sensitive_k_anonymity import PSensitiveKAnonymity
from skanon.privacy._population_uniqueness import PopulationUniqueness
from skanon.privacy._privacy_model import PrivacyModel
from skanon.privacy._recursive_l_diversity import RecursiveLDiversity
from skanon.privacy._sample_uniqueness import SampleUniqueness
from skanon.privacy._t_closeness import TCloseness
from skanon.privacy._table_model import TableModel

__all__ = [
    "AlphaKAnonymity",
    "AverageRisk",
    "BetaLikeness",
    "DeltaDisclosure",
    "DeltaPresence",
    "DistinctLDiversity",
    "EntropyLDiversity",
    "Judgement",
    "KAnonymity",
    "KMap",
    "PSensitiveKAnonymity",
    "PopulationUniqueness",
    "PrivacyModel",
    "RecursiveLDiversity",
    "SampleUniqueness",
    "TCloseness",
    "TableModel",
    "check_models",
    "judge",
]
