import { expect } from 'chai'
import * as evenkeel from '../../lib/index.js'
import type { nn, Tensor } from '../../lib/index.js'
import type { Inputs } from '../golden.js'

/** A recorded call, as golden/samples.py describes it. */
export interface Call {
  name: string
  args: unknown[]
  /** Of a module: what its forward takes; its constructor takes `args`. */
  forward?: unknown[]
  /** Of a module: whether it is in training mode. */
  training?: boolean
  /** Which part of a result that has several is meant. */
  part?: 'values' | 'indices'
  /** The input whose values after the call are meant, in place of the result. */
  state?: string
  /** What the random numbers begin with. */
  seed?: number
}

type Callable = (...args: unknown[]) => unknown
type Class = new (...args: unknown[]) => unknown

/** Makes a recorded call; `"$NAME"` in its arguments is the input of that name. */
export function callOf(inputs: Inputs, call: Call): Tensor {
  if (call.seed !== undefined) evenkeel.manualSeed(call.seed)
  const result = invoke(inputs, call)
  if (call.state !== undefined) return inputs[call.state]
  if (typeof result === 'number') return evenkeel.tensor(result, { dtype: inputs.input.dtype })
  return (call.part === undefined ? result : (result as Record<string, unknown>)[call.part]) as Tensor
}

function invoke(inputs: Inputs, call: Call): unknown {
  const args = call.args.map((arg) => resolve(arg, inputs))
  const [space, name = space] = call.name.split('.')
  switch (space) {
    case 'x':
      return (find(args[0], name) as Callable).apply(args[0], args.slice(1))
    case 'F':
      return (find(evenkeel.nn.functional, name) as Callable)(...args)
    case 'optim':
      return new (find(evenkeel.optim, name) as Class)(...args)
    case 'nn': {
      const module = new (find(evenkeel.nn, name) as Class)(...args) as nn.Module
      return call.forward && forward(module, inputs, call)
    }
    default:
      return (find(evenkeel, name) as Callable)(...args)
  }
}

function find(owner: unknown, name: string): unknown {
  const found = (owner as Record<string, unknown>)[name]
  if (found === undefined) throw new Error(`${name} does not exist`)
  return found
}

/** What a module computes with the recorded tensors as its state, which must be of the names and shapes of its own. */
function forward(module: nn.Module, inputs: Inputs, call: Call): unknown {
  const recorded = Object.entries(inputs).flatMap(([name, tensor]) =>
    name.startsWith('module.') ? [[name.replace('module.', ''), tensor] as const] : [],
  )
  const given = Object.values(inputs)
  const own = [...module.namedParameters(), ...module.namedBuffers()].filter(([, tensor]) => !given.includes(tensor))
  const shapes = (tensors: (readonly [string, Tensor])[]) => tensors.map(([name, { shape }]) => [name, [...shape]])
  expect(shapes(own), 'the parameters and buffers').to.have.deep.members(shapes(recorded))
  Object.assign(module, Object.fromEntries(recorded))
  module.train(call.training)
  const args = call.forward?.map((arg) => resolve(arg, inputs)) ?? []
  return (module.forward as Callable)(...args)
}

const words: Record<string, number | null> = { NaN, Infinity, '-Infinity': -Infinity, null: null }

function resolve(value: unknown, inputs: Inputs): unknown {
  if (value === null) return undefined
  if (typeof value === 'string') {
    if (value.startsWith('$')) return inputs[value.slice(1)]
    return value in words ? words[value] : value
  }
  if (Array.isArray(value)) return value.map((item) => resolve(item, inputs))
  if (typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item, inputs)]))
}
