import { contestantsFor, type Field, notSlow, type Suite } from './suite.js'

/** A single row through the tutorial's model, each call timed by itself. */
export function predictSuites(field: Field): Suite[] {
  const workload = { kind: 'predict', width: 128 } as const
  return [
    {
      title: 'prediction of one row (1, 128)',
      section: 'cases',
      workload,
      ...contestantsFor(workload, field, notSlow),
      budget: field.quick ? 2 : 10,
    },
  ]
}
