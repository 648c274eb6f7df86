import { nn, type Tensor } from '../../../dist/index.js'
import { CLASSES } from '../../workloads/workload.js'
import type { ModelData } from '../reader.js'

class Block extends nn.Module {
  readonly layer_norm: nn.LayerNorm
  readonly fc: nn.Linear

  constructor(width: number) {
    super()
    this.layer_norm = new nn.LayerNorm(width)
    this.fc = new nn.Linear(width, width)
  }

  forward(x: Tensor): Tensor {
    return this.fc.forward(this.layer_norm.forward(x)).relu()
  }
}

/** The tutorial's model. */
export class Model extends nn.Module {
  readonly layer1: Block
  readonly layer2: Block
  readonly layer3: Block
  readonly fc_out: nn.Linear

  constructor(width: number) {
    super()
    this.layer1 = new Block(width)
    this.layer2 = new Block(width)
    this.layer3 = new Block(width)
    this.fc_out = new nn.Linear(width, CLASSES)
  }

  forward(x: Tensor): Tensor {
    return this.fc_out.forward(this.layer3.forward(this.layer2.forward(this.layer1.forward(x))))
  }

  /** Takes on the given weights. */
  fill({ blocks, lastWeight, lastBias }: ModelData): void {
    ;[this.layer1, this.layer2, this.layer3].forEach(({ layer_norm, fc }, i) => {
      layer_norm.weight?.data.set(blocks[i].normWeight)
      layer_norm.bias?.data.set(blocks[i].normBias)
      fc.weight.data.set(blocks[i].weight)
      fc.bias?.data.set(blocks[i].bias)
    })
    this.fc_out.weight.data.set(lastWeight)
    this.fc_out.bias?.data.set(lastBias)
  }
}
