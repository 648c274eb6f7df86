// npm run setup [-- --test | --check]: installs and builds what running needs; or testing; or checking the code.

import { setUp } from './setup/index.js'
import { SetUpError, thisMachine } from './setup/machine.js'
import { main } from './setup/main.js'

/** @type {Record<string, import('./setup/prerequisites.js').Purpose>} */
const purposeOf = { '': 'run', '--test': 'test', '--check': 'check' }

void main(async () => {
  const argument = process.argv.slice(2).join(' ')
  if (!(argument in purposeOf)) throw new SetUpError(`unknown argument '${argument}': expected --test, --check or none`)
  await setUp(purposeOf[argument], thisMachine())
  return 0
})
