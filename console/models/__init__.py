from console.models.accounts import User
from console.models.audit import AuditEntry
from console.models.installation import Installation
from console.models.invitations import Invitation
from console.models.keys import ApiKey, KeyKind
from console.models.workspaces import Membership, Role, Workspace

__all__ = ["ApiKey", "AuditEntry", "Installation", "Invitation", "KeyKind", "Membership", "Role", "User", "Workspace"]
