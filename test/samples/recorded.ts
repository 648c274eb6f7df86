import { pathToFileURL } from 'node:url'
import { type Encoded, type Group, readCompressed } from '../golden.js'
import type { Golden } from '../optim/golden.js'
import type { Call } from './call.js'

/** What golden/record_samples.py writes. */
export interface Samples {
  /** The version of PyTorch. */
  torch: string
  groups: Group<Call>[]
  /** What PyTorch rejects. */
  rejected: { name: string; inputs: Record<string, Encoded>; args: Call }[]
  optimizers: Record<'Adam' | 'AdamW' | 'SGD', Golden<unknown>>
  /** What is not recorded, and why. */
  excluded: { name: string; reason: string; count: number }[]
}

/** Reads the recorded samples, those of this repository or of another folder. */
export function readSamples(folder?: string): Samples {
  return readCompressed('samples', folder === undefined ? undefined : pathToFileURL(`${folder}/`)) as Samples
}
