import { rangeError, typeError } from '../check.js'
import { tensor } from '../create.js'
import { checkTensor } from '../operand.js'
import type { Tensor } from '../tensor.js'

/** An option of a parameter group that can be saved. */
type OptionValue = number | boolean | readonly number[]

/** The state of an optimizer, taken apart: what is kept for the tensor of each number, and the options of each group. */
export interface OptimizerState {
  readonly kept: ReadonlyMap<number, Readonly<Record<string, Tensor>>>
  readonly groups: readonly { readonly options: Record<string, unknown>; readonly numbers: readonly number[] }[]
}

/**
 * A state as tensors by name, which is what files hold: `state.NUMBER.NAME` for what is kept for a tensor,
 * `paramGroups.GROUP.OPTION` for options, `paramGroups.GROUP.params` for the numbers of a group's tensors.
 */
export function encodeState({ kept, groups }: OptimizerState): Map<string, Tensor> {
  const dict = new Map<string, Tensor>()
  for (const [number, tensors] of kept) {
    for (const [name, value] of Object.entries(tensors)) dict.set(`state.${number}.${name}`, value.detach())
  }
  groups.forEach(({ options, numbers }, i) => {
    dict.set(`paramGroups.${i}.params`, tensor(Int32Array.from(numbers)))
    for (const [name, value] of Object.entries(options)) {
      dict.set(`paramGroups.${i}.${name}`, encodeOption(value as OptionValue))
    }
  })
  return dict
}

function encodeOption(value: OptionValue): Tensor {
  return typeof value === 'boolean' ? tensor(value) : tensor(value, { dtype: 'float64' })
}

/**
 * Undoes {@link encodeState}.
 *
 * @throws TypeError if `dict` is no map of tensors
 * @throws RangeError if it holds a name that {@link encodeState} does not make, or lacks a group
 */
export function decodeState(where: string, dict: ReadonlyMap<string, Tensor>): OptimizerState {
  if (!(dict instanceof Map)) throw typeError(where, 'dict', 'a map of names to tensors', dict)
  const kept = new Map<number, Record<string, Tensor>>()
  const groups: { options: Record<string, unknown>; numbers: number[] }[] = []
  for (const [key, value] of dict as ReadonlyMap<unknown, unknown>) {
    checkTensor(where, `dict entry ${String(key)}`, value)
    const [, kind, digits, name] = /^(state|paramGroups)\.(0|[1-9]\d{0,8})\.(\w+)$/.exec(String(key)) ?? []
    const number = Number(digits)
    if (kind === 'state') kept.set(number, { ...kept.get(number), [name]: value })
    else if (kind === 'paramGroups' && number < dict.size) setOption((groups[number] ??= emptyGroup()), name, value)
    else throw rangeError(where, 'dict', 'of names such as state.0.step and paramGroups.0.lr', String(key))
  }
  if (Object.keys(groups).length !== groups.length)
    throw rangeError(where, 'dict', 'of groups without a gap', Object.keys(groups))
  return { kept, groups }
}

function emptyGroup(): OptimizerState['groups'][number] & { numbers: number[] } {
  return { options: {}, numbers: [] }
}

function setOption(group: { options: Record<string, unknown>; numbers: number[] }, name: string, value: Tensor): void {
  if (name === 'params') group.numbers = Array.from(value.elements)
  else group.options[name] = value.dtype === 'bool' ? value.item() !== 0 : value.toArray()
}
