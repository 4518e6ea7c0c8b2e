from console.accounts.models.accounts import User
from console.accounts.models.audit import AuditEntry
from console.accounts.models.installation import Installation
from console.accounts.models.invitations import Invitation
from console.accounts.models.keys import ApiKey, KeyKind
from console.accounts.models.workspaces import Membership, Role, Workspace

__all__ = ["ApiKey", "AuditEntry", "Installation", "Invitation", "KeyKind", "Membership", "Role", "User", "Workspace"]
