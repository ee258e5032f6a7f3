"""What Schemathesis cannot be told in contract.toml."""

import os

import schemathesis


@schemathesis.hook
def filter_case(context, case):
    """An empty value in a query, as an empty form field sends it, means the same as none: it breaks no rule. And the token
    that the requests are sent with is not to be revoked by one of them."""
    is_own = (case.path_parameters or {}).get("token_id") == os.environ["ASSAY_TOKEN_ID"]
    return not is_own and all(value not in ("", [""]) for value in (case.query or {}).values())
