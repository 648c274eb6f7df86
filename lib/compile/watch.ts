import { Module } from '../nn/module.js'
import { ModuleSequence } from '../nn/module_sequence.js'
import { Parameter } from '../nn/parameter.js'
import { formatShape, sameShape } from '../shape.js'

/**
 * A condition: that the properties of modules, and of all that are below them, are what they are now: the same
 * parameters, modules, numbers, switches. It throws where a parameter has been replaced by one of another shape.
 */
export function unchanged(modules: Iterable<object>): () => boolean {
  const all = new Set<object>()
  for (const module of modules) gather(module, all)
  const properties = [...all].flatMap((module) => propertiesOf(module as Owner))
  return () => {
    for (const { owner, name, value } of properties) {
      if (Object.is(owner[name], value)) continue
      checkShape(owner, name, value)
      return false
    }
    return true
  }
}

type Owner = Readonly<Record<string, unknown>>

function checkShape(owner: Owner, name: string, captured: unknown): void {
  const now = owner[name]
  if (!(captured instanceof Parameter && now instanceof Parameter) || sameShape(captured.shape, now.shape)) return
  throw new RangeError(
    `compile: expected ${owner.constructor.name}.${name} to keep the shape ${formatShape(captured.shape)} that it was ` +
      `captured with, got ${formatShape(now.shape)}; compile the function anew`,
  )
}

/** Not `namedModules`, which is an error where a module knows the one above it. */
function gather(module: object, all: Set<object>): void {
  if (all.has(module)) return
  all.add(module)
  for (const value of Object.values(module) as unknown[]) if (value instanceof Module) gather(value, all)
}

function propertiesOf(owner: Owner): { owner: Owner; name: string; value: unknown }[] {
  // Where `append` puts the next one is a property that is not there.
  const next = owner instanceof ModuleSequence ? [String(owner.length)] : []
  return [...Object.keys(owner), ...next].map((name) => ({ owner, name, value: owner[name] }))
}
