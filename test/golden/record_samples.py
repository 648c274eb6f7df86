"""Records the samples that PyTorch ships, of every operation, module and optimizer that the API has.

`python record_samples.py`; others than the committed ones with a seed, or PyTorch's larger set, into another folder:
`python record_samples.py --seed 7 --generator reference_inputs --to /tmp/samples`.
"""

import argparse
import pathlib

import golden
import samples
import samples_modules
import samples_ops
import samples_optimizers
import torch


def main(seed=0, generator="sample_inputs", folder=golden.FOLDER):
    recording = samples.Recording(seed)
    samples_ops.record(recording, generator)
    samples_modules.record(recording)
    samples_optimizers.record(recording)
    folder.mkdir(parents=True, exist_ok=True)
    golden.write_compressed(folder / "samples.json.gz", recording.content())


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--generator", choices=("sample_inputs", "reference_inputs"), default="sample_inputs")
    parser.add_argument("--to", type=pathlib.Path, default=golden.FOLDER)
    options = parser.parse_args()
    torch.set_num_threads(1)
    main(options.seed, options.generator, options.to)
