"""Small networks on one thread: several would mostly wait for each other, and tests run side by side."""

import pytest


@pytest.fixture(scope="session", autouse=True)
def _one_thread():
    import torch

    torch.set_num_threads(1)
