"""The models page: three sets, and one list of everything that could hear, think or speak."""
