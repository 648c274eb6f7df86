import { besides, contestantsFor, type Field, type Slowness, type Suite } from './suite.js'
import type { Workload } from './workload.js'

const sizes = [
  { batch: 32, width: 128, budget: 25 },
  { batch: 256, width: 512, budget: 35 },
  { batch: 1024, width: 2048, budget: 60 },
]

/** Matrices that are large enough for the machine's full rate. */
const SGEMM_SIZE = 2048

const slowAt =
  (width: number, quick: boolean): Slowness =>
  ({ name }) => {
    if (width >= 512 && name === 'tfjs-cpu') return 'takes seconds a step'
    if (width >= 512 && quick && name === 'evenkeel, TypeScript') return 'takes a second a step'
    if (width < 2048) return undefined
    return ['evenkeel, TypeScript', 'jax-js wasm', 'tfjs-wasm'].includes(name) ? 'takes seconds a step' : undefined
  }

/** A training step of the tutorial's model, beside its matrix products alone and the machine's rate. */
export function trainSuites(field: Field): Suite[] {
  const wanted = field.quick ? sizes.slice(0, 2) : sizes
  return wanted.map(({ batch, width, budget }) => {
    const workload: Workload = { kind: 'train', batch, width }
    const { contestants, leftOut } = contestantsFor(workload, field, slowAt(width, field.quick))
    return {
      title: `training step (${batch}, ${width})`,
      section: 'cases',
      workload,
      contestants: [
        ...contestants,
        ...besides({ kind: 'products', batch, width }, field),
        ...besides({ kind: 'sgemm', size: SGEMM_SIZE }, field),
      ],
      leftOut,
      budget: field.quick ? 3 : budget,
    }
  })
}
