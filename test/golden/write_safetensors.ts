/**
 * Writes evenkeel.safetensors, for Python to read (check_safetensors.py):
 * `node --import tsx test/golden/write_safetensors.ts`.
 */
import { fileURLToPath } from 'node:url'
import { manualSeed, nn, ones, save, type Tensor, tensor, zeros } from '../../lib/index.js'

/** The tensors that check_safetensors.py makes too. */
export function checkpoint(): Map<string, Tensor> {
  manualSeed(42)
  const model = new nn.Sequential(new nn.LayerNorm(4), new nn.Linear(4, 3), new nn.BatchNorm1d(3))
  return new Map<string, Tensor>([
    ...model.stateDict(),
    ['scalar', tensor(1.5)],
    ['empty', zeros([0, 3])],
    ['double', tensor([0.1, -0], { dtype: 'float64' })],
    ['steps', tensor(-7, { dtype: 'int32' })],
    ['mask', tensor([[true, false, true]])],
    ['n\u00e4me \u{1f600}', ones([2])],
  ])
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  void save(new URL('evenkeel.safetensors', import.meta.url), checkpoint())
}
