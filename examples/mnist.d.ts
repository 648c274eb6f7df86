// The package `mnist` brings no types: only what the digits example reads of it.
declare module 'mnist' {
  /** The images of one digit. */
  interface Digit {
    /** All images, one after the other: 28 * 28 numbers from 0 to 1 each, row by row. */
    readonly raw: readonly number[]
    /** How many images there are. */
    readonly length: number
  }
  /** Indexed by digit, 0 to 9. */
  const mnist: readonly Digit[]
  export default mnist
}
