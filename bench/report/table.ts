import { format, resolveConfig } from 'prettier'
import { fileURLToPath } from 'node:url'

/** A table in Markdown: the first column on the left, numbers on the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`
  return line(head) + line(head.map((_, i) => (i === 0 ? '---' : '---:'))) + rows.map(line).join('')
}

/** Markdown as this project formats it, with the columns of tables aligned. */
export async function formatMarkdown(text: string): Promise<string> {
  const config = await resolveConfig(fileURLToPath(import.meta.url))
  return format(text, { ...config, parser: 'markdown' })
}
