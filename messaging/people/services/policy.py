"""What a call may change about people, by how it was sent. docs/write-key.md says the same to people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from console.accounts.models import Workspace
from messaging.values import IdentityCall, Proof


class NotAllowed(Exception):
    """Nothing was changed. The code is for programs, the text says what to do."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Policy:
    """Of one workspace. `attributes` are those that the write key may set; None: any."""

    signed_people_only: bool = False
    attributes: frozenset[str] | None = None

    def check_user(self, call: IdentityCall) -> None:
        """Whether it may speak for its `userId`, or for the known person in its browser."""
        if self.signed_people_only and call.proof is Proof.NONE:
            raise NotAllowed(
                "unsigned_person",
                "This workspace takes calls about known people only with a signature of their userId, or a secret key.",
            )

    def check_merge_of_known(self, call: IdentityCall) -> None:
        if call.proof is not Proof.SECRET:
            raise NotAllowed(
                "merge_not_allowed",
                "previousId is a known person's; making one of two known people needs a secret key.",
            )

    def check_attributes(self, call: IdentityCall) -> None:
        if foreign := sorted(call.payload.keys() - self.settable(call, call.payload).keys()):
            raise NotAllowed(
                "attribute_not_allowed",
                f"traits.{foreign[0][:100]}: the write key may not set this; send it with a secret key.",
            )

    def settable(self, call: IdentityCall, attributes: Mapping[str, Any]) -> dict[str, Any]:
        """Those of the attributes that this call may set."""
        if call.proof is Proof.SECRET or self.attributes is None:
            return dict(attributes)
        return {name: value for name, value in attributes.items() if name in self.attributes}


def of(workspace_id: int) -> Policy:
    found = Workspace.objects.filter(pk=workspace_id).values_list("signed_people_only", "write_key_attributes").first()
    if found is None:
        return Policy()
    signed, names = found
    return Policy(signed, None if names is None else frozenset(names))
