"""The JSON API: the list of domain routers under /api/v1, nothing else."""

from fastapi import APIRouter

from app.core.http import Route

router = APIRouter(prefix="/api/v1", route_class=Route)
