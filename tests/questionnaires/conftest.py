from tests.documents.conftest import worker

__all__ = ["worker"]
