import { besides, contestantsFor, type Field, type Slowness, type Suite } from './suite.js'
import type { Workload } from './workload.js'

const shapes = [
  { rows: 32, cols: 128 },
  { rows: 4096, cols: 768 },
  { rows: 8192, cols: 4096 },
]

const directions = [
  { kind: 'layerNormForward', name: 'forward' },
  { kind: 'layerNormBackward', name: 'backward' },
] as const

const slowAt =
  (rows: number, quick: boolean): Slowness =>
  ({ name, takesThreads }) => {
    if (rows >= 8192 && name.startsWith('tfjs')) return 'takes seconds and gigabytes'
    return quick && !takesThreads ? 'a quick run' : undefined
  }

/** LayerNorm in both directions, beside a copy of its input. */
export function layerNormSuites(field: Field): Suite[] {
  const wanted = field.quick ? shapes.slice(0, 2) : shapes
  return wanted.flatMap(({ rows, cols }) =>
    directions.map(({ kind, name }): Suite => {
      const workload: Workload = { kind, rows, cols }
      const { contestants, leftOut } = contestantsFor(workload, field, slowAt(rows, field.quick))
      return {
        title: `LayerNorm ${name} [${rows}, ${cols}]`,
        section: 'cases',
        workload,
        contestants: [...contestants, ...besides({ kind: 'copy', rows, cols }, field)],
        leftOut,
        budget: field.quick ? 1 : 10,
      }
    }),
  )
}
