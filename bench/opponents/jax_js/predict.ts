import { jit } from '@jax-js/jax'
import type { Prepare } from '../job.js'
import { readModel } from '../reader.js'
import { array, forward, makeParams } from './model.js'

export const predict: Prepare<'predict'> = ({ width }, data) => {
  const given = readModel(data, 1, width)
  const row = array(given.input, [1, width])
  const params = makeParams(given)
  const compute = jit(forward)
  const once = () => {
    const output = compute(
      params.map((param) => param.ref),
      row.ref,
    )
    return output.dataSync()
  }
  return { proof: [...once()], once }
}
