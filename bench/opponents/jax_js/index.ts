import { defaultDevice, init } from '@jax-js/jax'
import type { Library } from '../job.js'
import { layerNormBackward, layerNormForward } from './layer_norm.js'
import { versionOf } from '../version.js'
import { predict } from './predict.js'
import { train } from './train.js'

export async function load(): Promise<Library> {
  await init('wasm')
  defaultDevice('wasm')
  return {
    about: `jax-js ${versionOf('@jax-js/jax')}, wasm`,
    prepare: { train, predict, layerNormForward, layerNormBackward },
  }
}
