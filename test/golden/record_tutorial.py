"""The losses of a hundred steps of the tutorial on one batch, from seed 42.

In float32, and in float64 from the same initial values.
"""

import golden
import torch
from torch import nn

STEPS = 100


class LayerNormBlock(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.layer_norm = nn.LayerNorm(size)
        self.fc = nn.Linear(size, size)
        self.relu = nn.ReLU()

    def forward(self, x):
        return self.relu(self.fc(self.layer_norm(x)))


class SimpleLayerNormModel(nn.Module):
    def __init__(self, input_dim, hidden_dim, num_classes):
        super().__init__()
        self.layer1 = LayerNormBlock(input_dim)
        self.layer2 = LayerNormBlock(hidden_dim)
        self.layer3 = LayerNormBlock(hidden_dim)
        self.fc_out = nn.Linear(hidden_dim, num_classes)

    def forward(self, x):
        return self.fc_out(self.layer3(self.layer2(self.layer1(x))))


def losses(dtype):
    torch.manual_seed(42)
    inputs = torch.randn(32, 128).to(dtype)
    model = SimpleLayerNormModel(128, 128, 10).to(dtype)
    targets = torch.randint(0, 10, (32,))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    criterion = nn.CrossEntropyLoss()
    result = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = criterion(model(inputs), targets)
        loss.backward()
        optimizer.step()
        result.append(loss.item())
    return result


def main():
    golden.write("tutorial", {"float32": losses(torch.float32), "float64": losses(torch.float64)})


if __name__ == "__main__":
    main()
