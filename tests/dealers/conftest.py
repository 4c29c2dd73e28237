from tests.machines.conftest import shop as shop
