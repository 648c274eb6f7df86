"""Records every golden file but random.json from PyTorch, for the tests named *.golden.test.ts: `python record.py`.

Needs PyTorch and, for record_safetensors.py, safetensors. The values depend on the version of PyTorch, the errors of its
float32 also on the processor.
"""

import record_accuracy
import record_adam
import record_adam_bits
import record_attention
import record_batch_norm
import record_clip_grad_norm
import record_cross_entropy
import record_data_loader
import record_dropout
import record_embedding
import record_fit
import record_group_norm
import record_layer_norm
import record_losses
import record_math
import record_matmul
import record_ops
import record_print
import record_rms_norm
import record_safetensors
import record_samples
import record_schedulers
import record_select
import record_sgd
import record_tutorial
import torch

RECORDERS = [
    record_accuracy,
    record_layer_norm,
    record_rms_norm,
    record_batch_norm,
    record_group_norm,
    record_cross_entropy,
    record_losses,
    record_embedding,
    record_dropout,
    record_attention,
    record_ops,
    record_math,
    record_matmul,
    record_select,
    record_adam,
    record_adam_bits,
    record_sgd,
    record_schedulers,
    record_data_loader,
    record_fit,
    record_clip_grad_norm,
    record_print,
    record_safetensors,
    record_samples,
    record_tutorial,
]

if __name__ == "__main__":
    torch.set_num_threads(1)
    for recorder in RECORDERS:
        recorder.main()
