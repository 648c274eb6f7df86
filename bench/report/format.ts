import type { Entry } from '../measure/results.js'
import type { Workload } from '../workloads/workload.js'
import type { Summary } from './statistics.js'

/** A number with three or four significant digits. */
export function formatNumber(value: number): string {
  const digits = value < 10 ? 2 : value < 100 ? 1 : 0
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

/** The median, and the quartiles in brackets. */
export function formatSummary({ median, low, high }: Summary): string {
  return `${formatNumber(median)} (${formatNumber(low)}–${formatNumber(high)})`
}

export function formatPercent(share: number | undefined): string {
  return share === undefined ? '' : `${(share * 100).toFixed(0)} %`
}

export function formatMebibytes(bytes: number | undefined): string {
  return bytes === undefined ? '' : formatNumber(bytes / 2 ** 20)
}

/** Who, with how many threads. */
export function nameOf({ opponent, workload, takesThreads, threads }: Entry): string {
  return `${opponent}${besideOf(workload)}${takesThreads ? `, ${formatThreads(threads)}` : ''}`
}

export function formatThreads(count: number): string {
  return `${count} thread${count === 1 ? '' : 's'}`
}

/** What makes a roofline, in the words of a table. */
function besideOf(workload: Workload): string {
  if (workload.kind === 'products') return ': matrix products alone'
  if (workload.kind === 'copy') return ': copy of x'
  return workload.kind === 'sgemm' ? `: sgemm of (${workload.size}, ${workload.size})` : ''
}
