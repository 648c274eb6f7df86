import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import type { Library } from '../job.js'
import { layerNormBackward, layerNormForward } from './layer_norm.js'
import { predict } from './predict.js'
import { train } from './train.js'

/** The backends run on one thread: tfjs has its WebAssembly threads in browsers only. */
export async function load(): Promise<Library> {
  const name = process.env.EVENKEEL_BENCH_TFJS ?? 'cpu'
  tf.enableProdMode()
  await tf.setBackend(name)
  await tf.ready()
  return {
    about: `tfjs ${tf.version.tfjs}, ${name}`,
    prepare: { train, predict, layerNormForward, layerNormBackward },
  }
}
