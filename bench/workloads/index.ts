import { growthSuites } from './growth.js'
import { layerNormSuites } from './layer_norm.js'
import { predictSuites } from './predict.js'
import type { Field, Suite } from './suite.js'
import { trainSuites } from './train.js'

/** Everything that is measured alternately. */
export function allSuites(field: Field): Suite[] {
  return [...trainSuites(field), ...layerNormSuites(field), ...predictSuites(field), ...growthSuites(field)]
}
