"""The epochs of a training with a shuffled loader, dropout, a schedule and validation, from seed 42.

In float32, and in float64 from the same initial values.
"""

import golden
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

EPOCHS = 6


def samples(n, dtype):
    return TensorDataset(torch.randn(n, 8).to(dtype), torch.randint(0, 3, (n,)))


def averages(batches):
    """The averages of (loss, share of right answers, number of samples)."""
    total = sum(n for _, _, n in batches)
    loss, right = (sum(batch[i] * batch[2] for batch in batches) / total for i in (0, 1))
    return {"loss": loss, "metrics": {"accuracy": right}}


def measured(loss, output, t):
    return loss.item(), (output.argmax(1) == t).double().mean().item(), len(t)


def history(dtype):
    torch.manual_seed(42)
    data = DataLoader(samples(50, dtype), batch_size=8, shuffle=True)
    validation = DataLoader(samples(20, dtype), batch_size=8)
    model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Dropout(0.25), nn.Linear(16, 3)).to(dtype)
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 2, gamma=0.5)
    epochs = []
    for _ in range(EPOCHS):
        model.train()
        trained, validated = [], []
        for x, t in data:
            optimizer.zero_grad()
            output = model(x)
            loss = criterion(output, t)
            loss.backward()
            optimizer.step()
            trained.append(measured(loss, output, t))
        model.eval()
        with torch.no_grad():
            for x, t in validation:
                output = model(x)
                validated.append(measured(criterion(output, t), output, t))
        scheduler.step()
        epochs.append({**averages(trained), "validation": averages(validated)})
    return epochs


def main():
    golden.write("fit", {"float32": history(torch.float32), "float64": history(torch.float64)})


if __name__ == "__main__":
    main()
