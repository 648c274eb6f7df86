/** How many 32-bit words the engine's state has. */
const WORDS = 624

/** How many integers hold all that decides what an engine draws: the words, and which of them comes next. */
export const ENGINE_STATE = WORDS + 1

/** How far ahead of a word lies the one it is combined with. */
const OFFSET = 397

/**
 * The Mersenne Twister MT19937, seeded from 32 bits: the engine behind PyTorch's CPU generator. All it knows is in the
 * array that it is given, which kernels advance as well.
 *
 * @see M. Matsumoto, T. Nishimura, "Mersenne Twister: a 623-dimensionally equidistributed uniform pseudo-random number
 * generator", ACM Transactions on Modeling and Computer Simulation 8(1), 1998
 * @see PyTorch, aten/src/ATen/core/MT19937RNGEngine.h and aten/src/ATen/CPUGeneratorImpl.cpp
 */
export class Mt19937 {
  /** @param state of {@link ENGINE_STATE} integers */
  constructor(private readonly state: Int32Array) {}

  /** Begins anew: of `seed`, the low 32 bits count. */
  seed(seed: number): void {
    const { state } = this
    state[0] = seed
    for (let i = 1; i < WORDS; i++) {
      const previous = state[i - 1]
      state[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i
    }
    state[WORDS] = WORDS
  }

  /** The next 32 random bits, as an integer within [0, 2^32). */
  uint32(): number {
    const { state } = this
    if (state[WORDS] === WORDS) this.refill()
    let bits = state[state[WORDS]++]
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

  /** Replaces the whole state by the next one. */
  private refill(): void {
    const { state } = this
    for (let i = 0; i < WORDS - OFFSET; i++) state[i] = state[i + OFFSET] ^ twist(state[i], state[i + 1])
    const wrapped = OFFSET - WORDS
    for (let i = -wrapped; i < WORDS - 1; i++) state[i] = state[i + wrapped] ^ twist(state[i], state[i + 1])
    state[WORDS - 1] = state[OFFSET - 1] ^ twist(state[WORDS - 1], state[0])
    state[WORDS] = 0
  }
}

/** Whether these integers are a state that an engine can go on from. */
export function isEngineState(state: Int32Array): boolean {
  return state.length === ENGINE_STATE && state[WORDS] >= 0 && state[WORDS] <= WORDS
}

/** One step of the recurrence: the highest bit of a word before the others of the next, times the engine's matrix. */
function twist(word: number, following: number): number {
  const mixed = (word & 0x80000000) | (following & 0x7fffffff)
  return (mixed >>> 1) ^ (-(following & 1) & 0x9908b0df)
}
