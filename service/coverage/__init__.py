"""指标对应: which section answers which indicator, confirmed by whom, and the coverage of an organisation on a date."""
