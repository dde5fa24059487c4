from pydantic import BaseModel


class Blueprint(BaseModel):
    pass
