import { nn, type Tensor } from 'evenkeel'

/** How many pixels an image has: 28 rows of 28, from 0 (black) to 1 (white). */
export const PIXELS = 28 * 28

/** How many digits there are. */
export const CLASSES = 10

const HIDDEN = 128

class LayerNormBlock extends nn.Module {
  layer_norm: nn.LayerNorm
  fc: nn.Linear
  relu = new nn.ReLU()
  dropout = new nn.Dropout({ p: 0.1 })

  constructor(inputSize: number, outputSize: number) {
    super()
    this.layer_norm = new nn.LayerNorm(inputSize)
    this.fc = new nn.Linear(inputSize, outputSize)
  }

  forward(x: Tensor): Tensor {
    return this.dropout.forward(this.relu.forward(this.fc.forward(this.layer_norm.forward(x))))
  }
}

/** Reads digits: images of shape [N, 784] become scores of shape [N, 10]. */
export class DigitModel extends nn.Module {
  layer1 = new LayerNormBlock(PIXELS, HIDDEN)
  layer2 = new LayerNormBlock(HIDDEN, HIDDEN)
  fc_out = new nn.Linear(HIDDEN, CLASSES)

  forward(x: Tensor): Tensor {
    return this.fc_out.forward(this.layer2.forward(this.layer1.forward(x)))
  }
}
