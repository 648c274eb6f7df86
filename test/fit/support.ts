import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  DataLoader,
  type DataLoaderOptions,
  manualSeed,
  nn,
  optim,
  randint,
  randn,
  TensorDataset,
} from '../../lib/index.js'

/** 22 random samples of 6 features, of 3 classes; the same for the same seed. */
export function dataset(seed = 1) {
  manualSeed(seed)
  return new TensorDataset(randn([22, 6]), randint(0, 3, [22]))
}

/** A shuffled loader of {@link dataset}: five batches and a shorter one. */
export function loader(options?: Partial<DataLoaderOptions>) {
  return new DataLoader(dataset(), { batchSize: 4, shuffle: true, ...options } as { batchSize: number })
}

/** A model with dropout and batch normalisation, and what it is trained with. */
export function trainee() {
  manualSeed(2)
  const model = new nn.Sequential(
    new nn.Linear(6, 10),
    new nn.BatchNorm1d(10),
    new nn.Dropout({ p: 0.3 }),
    new nn.Linear(10, 3),
  )
  const optimizer = new optim.Adam(model.parameters(), { lr: 0.05 })
  return { model, optimizer, loss: new nn.CrossEntropyLoss() }
}

/** All that training changes. */
export function valuesOf({ model, optimizer }: Pick<ReturnType<typeof trainee>, 'model' | 'optimizer'>): unknown {
  const dicts = [...model.stateDict(), ...optimizer.stateDict()]
  return dicts.map(([name, value]) => [name, Array.from(value.data)])
}

/** Runs `use` with a folder that is removed after. */
export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'evenkeel-fit-'))
  try {
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}
