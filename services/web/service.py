"""What services/web publishes: pages and assets, nothing else."""

from services.web.routes import blueprint
from shared.service import Service

SERVICE = Service("web", blueprints=(blueprint,))
