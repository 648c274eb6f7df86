import { readFileSync } from 'node:fs'
import { format, resolveConfig } from 'prettier'
import type { Samples } from './recorded.js'

/** The page that says what is covered. */
export const PAGE = new URL('../../docs/parity.md', import.meta.url)

const HEADING = "## PyTorch's own samples"

/** The page with the section about the samples as it follows from the recorded ones; the rest as it stands. */
export async function pageWith(golden: Samples): Promise<string> {
  const page = readFileSync(PAGE, 'utf8')
  const start = page.indexOf(HEADING)
  if (start === -1) throw new Error(`docs/parity.md: expected a section "${HEADING}"`)
  const next = page.indexOf('\n## ', start)
  const whole = page.slice(0, start) + section(golden) + (next === -1 ? '' : page.slice(next))
  return format(whole, { ...(await resolveConfig(PAGE)), parser: 'markdown' })
}

function section({ torch, groups, rejected, optimizers, excluded }: Samples): string {
  const samples = countBy(groups.map(({ name }) => [name, 1]))
  for (const [name, { cases }] of Object.entries(optimizers)) samples.set(`optim.${name}`, cases.length)
  const errors = countBy(rejected.map(({ name }) => [name, 1]))
  const names = new Set([...samples.keys(), ...errors.keys()])
  const rows = [...names].map((name) => [
    ...titleOf(name),
    String(samples.get(name) ?? 0),
    String(errors.get(name) ?? 0),
  ])
  const total = (counts: Map<string, number>) => [...counts.values()].reduce((sum, count) => sum + count, 0)
  return `${HEADING}

PyTorch ${torch} ships inputs on which it tests itself. Those of every operation, module and optimizer that is here are
recorded with PyTorch's results and gradients (\`test/golden/record_samples.py\`), and the tests hold both backends to them:
${total(samples)} samples, and ${total(errors)} calls that PyTorch rejects. Samples that are the same in every number
count once. CONTRIBUTING.md says how to try others.

${table(['Here', 'In PyTorch', 'Samples', 'Errors'], rows)}

Left out is what the API does not have, or what has no counterpart in JavaScript. Complex and half-precision numbers are
out of scope.

${table(['Left out', 'Of', 'Samples'], exclusions(excluded))}
`
}

/** Our name and PyTorch's. */
function titleOf(name: string): [string, string] {
  const [theirs, ours = theirs] = name.split(' as ')
  return [`\`${ours}\``, `\`${theirs}\``]
}

/** One row for each reason, with everything that it is about. */
function exclusions(excluded: Samples['excluded']): string[][] {
  const counts = countBy(excluded.map(({ reason, count }) => [reason, count]))
  return [...counts].map(([reason, count]) => {
    const about = excluded.filter((one) => one.reason === reason).map(({ name }) => `\`${name.split(/ as |,/)[0]}\``)
    return [reason, [...new Set(about)].join(' '), String(count)]
  })
}

function countBy(entries: [string, number][]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const [name, count] of entries) counts.set(name, (counts.get(name) ?? 0) + count)
  return counts
}

function table(head: string[], rows: string[][]): string {
  return [head, head.map(() => '-'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
}
