"""Alarms known to be good, for the services people run; data, with a reason and a source each."""

from alerting.catalog.catalogue import UnknownPresetError, find, service, service_names
from alerting.catalog.declared import declared
from alerting.catalog.preset import CatalogueError, Limit, Observed, Preset, Service, Weight
from alerting.catalog.search import Listing, Lookup, Search
from alerting.catalog.watch_set import found_set, watch_set

__all__ = [
    "CatalogueError",
    "Limit",
    "Listing",
    "Lookup",
    "Observed",
    "Preset",
    "Search",
    "Service",
    "UnknownPresetError",
    "Weight",
    "declared",
    "find",
    "found_set",
    "service",
    "service_names",
    "watch_set",
]
