import { cpus } from 'node:os'
import { backend } from '../lib/index.js'

const { name, simd } = backend()

/** Instruction sets without a fused multiply-add. */
const UNFUSED = ['SSE2', 'SSE4', 'SCALAR']

/** Whether the kernels in use have square roots that depend on the processor, as those of PyTorch do. */
const iteratesRoots = name === 'native' && process.arch === 'x64' && cpus()[0].model.includes('AMD')

/**
 * Which of PyTorch's float32 results of Adam the kernels in use give to the bit: those of a processor of AMD with AVX-512,
 * on which golden files are recorded; those with exact square roots; or none that are recorded.
 */
export const adamBits: 'recorded' | 'exact roots' | 'none' = (() => {
  if (UNFUSED.includes(simd)) return 'none'
  if (!iteratesRoots) return 'exact roots'
  return simd.startsWith('AVX3') ? 'recorded' : 'none'
})()
