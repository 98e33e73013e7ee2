/** Numbers below 2^32 from a seed: the same in every run, another sequence for each `stream`. */
export function seededWords(seed: number, stream: number): () => number {
  let [a, b, c, d] = [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0, stream >>> 0, 1]
  // sfc32, by Chris Doty-Humphrey (PractRand, public domain).
  const next = (): number => {
    const sum = (a + b + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }
  // Its first outputs still show the seed.
  for (let round = 0; round < 16; round++) next()
  return next
}
