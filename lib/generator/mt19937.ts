import { rangeError } from '../check.js'

/** How many 32-bit words the engine's state has. */
const WORDS = 624

/** How many 32-bit words {@link Mt19937.getState} gives: the state, and which of its words comes next. */
export const ENGINE_STATE = WORDS + 1

/** How far ahead of a word lies the one it is combined with. */
const OFFSET = 397

/**
 * The Mersenne Twister MT19937, seeded from 32 bits: the engine behind PyTorch's CPU generator.
 *
 * @see M. Matsumoto, T. Nishimura, "Mersenne Twister: a 623-dimensionally equidistributed uniform pseudo-random number
 * generator", ACM Transactions on Modeling and Computer Simulation 8(1), 1998
 * @see PyTorch, aten/src/ATen/core/MT19937RNGEngine.h and aten/src/ATen/CPUGeneratorImpl.cpp
 */
export class Mt19937 {
  private readonly state = new Int32Array(WORDS)
  private next = WORDS

  /** @param seed of which the low 32 bits count */
  constructor(seed: number) {
    const { state } = this
    state[0] = seed
    for (let i = 1; i < WORDS; i++) {
      const previous = state[i - 1]
      state[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i
    }
  }

  /** The next 32 random bits, as an integer within [0, 2^32). */
  uint32(): number {
    if (this.next === WORDS) this.refill()
    let bits = this.state[this.next++]
    bits ^= bits >>> 11
    bits ^= (bits << 7) & 0x9d2c5680
    bits ^= (bits << 15) & 0xefc60000
    return (bits ^ (bits >>> 18)) >>> 0
  }

  /** The low 53 of the next 64 random bits, of which the first draw is the high half: an integer within [0, 2^53). */
  uint53(): number {
    const high = this.uint32() & 0x1fffff
    return high * 2 ** 32 + this.uint32()
  }

  /** The next 64 random bits modulo `range`, which is an integer of at most 2^32: long division, 16 bits a step. */
  uint64Modulo(range: number): number {
    const high = this.uint32() % range
    const low = this.uint32()
    const middle = (high * 2 ** 16 + (low >>> 16)) % range
    return (middle * 2 ** 16 + (low & 0xffff)) % range
  }

  /** All that decides what comes next. */
  getState(): Int32Array {
    return Int32Array.of(...this.state, this.next)
  }

  /** Goes on from a state, as of {@link getState}, of another engine. */
  setState(state: Int32Array): void {
    const next = state[WORDS]
    if (!(next >= 0 && next <= WORDS)) throw rangeError('setRngState', 'state', 'one that getRngState gave', state)
    this.state.set(state.subarray(0, WORDS))
    this.next = next
  }

  /** Replaces the whole state by the next one. */
  private refill(): void {
    const { state } = this
    for (let i = 0; i < WORDS - OFFSET; i++) state[i] = state[i + OFFSET] ^ twist(state[i], state[i + 1])
    const wrapped = OFFSET - WORDS
    for (let i = -wrapped; i < WORDS - 1; i++) state[i] = state[i + wrapped] ^ twist(state[i], state[i + 1])
    state[WORDS - 1] = state[OFFSET - 1] ^ twist(state[WORDS - 1], state[0])
    this.next = 0
  }
}

/** One step of the recurrence: the highest bit of a word before the others of the next, times the engine's matrix. */
function twist(word: number, following: number): number {
  const mixed = (word & 0x80000000) | (following & 0x7fffffff)
  return (mixed >>> 1) ^ (-(following & 1) & 0x9908b0df)
}
