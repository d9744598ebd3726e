# transformers.utils.hub: what the hub or its cache holds cannot be told.
from __native__ import unknown


class PushToHubMixin:
    def push_to_hub(self, *args, **kwargs):
        return unknown("the hub")


def cached_file(*args, **kwargs):
    return unknown("a file of the hub")


def cached_files(*args, **kwargs):
    return unknown("files of the hub")


def has_file(*args, **kwargs):
    return unknown("a file of the hub")


def hf_api(*args, **kwargs):
    return unknown("the hub")


def resolve_revision(*args, **kwargs):
    return unknown("a revision of the hub")


def is_offline_mode():
    return unknown("whether the hub can be reached")


def http_user_agent(*args, **kwargs):
    return unknown("the hub")
