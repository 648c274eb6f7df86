/** Something that opponents do and that is timed. `tutorial` stands for the model of examples/layer-norm-tutorial.ts. */
export type Workload =
  | {
      /** One training step of the tutorial: zeroGrad, forward, loss, backward, Adam. */
      readonly kind: 'train'
      readonly batch: number
      readonly width: number
    }
  | {
      /** The matrix products of such a step and nothing else. */
      readonly kind: 'products'
      readonly batch: number
      readonly width: number
    }
  | {
      /** The tutorial's model applied to one row, each call timed by itself. */
      readonly kind: 'predict'
      readonly width: number
    }
  | {
      /** LayerNorm with weight and bias, through the public functional interface. */
      readonly kind: 'layerNormForward' | 'layerNormBackward'
      readonly rows: number
      readonly cols: number
    }
  | {
      /** A copy of an array of that shape: what memory can do. */
      readonly kind: 'copy'
      readonly rows: number
      readonly cols: number
    }
  | {
      /** The product of two large square matrices: what the processor can do. */
      readonly kind: 'sgemm'
      readonly size: number
    }

export type Kind = Workload['kind']

/** How many classes the tutorial's model tells apart. */
export const CLASSES = 10

/** How many blocks of LayerNorm, Linear and ReLU it has. */
export const BLOCKS = 3

/**
 * The floating-point operations in the matrix products of one training step: forward, and for the gradients of weights
 * and inputs. The first block's input has a gradient too, since the LayerNorm before it has parameters.
 */
export function flopsOfStep(batch: number, width: number): number {
  const forward = 2 * batch * width * (BLOCKS * width + CLASSES)
  return 3 * forward
}
