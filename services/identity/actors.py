"""Queue doors of identity."""

from services.identity.usecases.accounts import sync_accounts
from shared.service import Job

JOBS = (Job("identity.sync_accounts", "maintenance", sync_accounts),)
