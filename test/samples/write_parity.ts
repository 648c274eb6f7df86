/** Writes what the recorded samples say into docs/parity.md: `node --import tsx test/samples/write_parity.ts`. */
import { writeFileSync } from 'node:fs'
import { PAGE, pageWith } from './parity.js'
import { readSamples } from './recorded.js'

writeFileSync(PAGE, await pageWith(readSamples()))
