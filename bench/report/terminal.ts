import type { Case, Results } from '../measure/results.js'
import { judge } from './goals.js'
import { caseTable, crowdTable, goalTable, residentTable, serverTable } from './sections.js'
import { formatMarkdown } from './table.js'

export async function printCase(result: Case): Promise<void> {
  await print(caseTable(result))
}

export async function printSummary(results: Results): Promise<void> {
  if (results.crowds.length > 0) await print(crowdTable(results.crowds))
  if (results.served.length > 0) await print(serverTable(results.served))
  if (results.resident.length > 0) await print(residentTable(results.resident))
  const measured = judge(results).filter(({ reached }) => reached !== undefined)
  if (measured.length > 0) await print(goalTable(measured))
  await print(results.notes.map((note) => `${note}\n`).join('\n'))
  process.stdout.write(`\n${results.seconds.toFixed(0)} s\n`)
}

async function print(markdown: string): Promise<void> {
  process.stdout.write(`\n${await formatMarkdown(markdown)}`)
}
