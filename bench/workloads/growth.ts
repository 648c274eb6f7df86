import { contestantsFor, type Field, type Slowness, type Suite } from './suite.js'

const batches = [8, 32, 128, 512, 2048]
const widths = [64, 128, 256, 512, 1024, 2048]

/** The width of the models whose batch grows, and the batch of those whose width does. */
const [WIDTH, BATCH] = [256, 128]

const onlyNative: Slowness = ({ name }) =>
  ['evenkeel', 'PyTorch eager', 'JAX jit'].includes(name) ? undefined : 'not asked how it grows'

/** How a training step's time and memory grow with the batch and with the width. */
export function growthSuites(field: Field): Suite[] {
  if (field.quick) return []
  const suite = (section: 'batches' | 'widths', batch: number, width: number): Suite => {
    const workload = { kind: 'train', batch, width } as const
    const { contestants } = contestantsFor(workload, field, onlyNative)
    return {
      title: `growth (${batch}, ${width})`,
      section,
      workload,
      contestants: contestants.filter(({ threads }) => threads === field.threads),
      leftOut: [],
      budget: 3,
    }
  }
  return [
    ...batches.map((batch) => suite('batches', batch, WIDTH)),
    ...widths.map((width) => suite('widths', BATCH, width)),
  ]
}
