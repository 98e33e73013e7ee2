/** The candidates most like the word, best first, by the letter pairs they share (Dice's coefficient). */
export function nearest(word: string, candidates: readonly string[], count = 3): string[] {
  return candidates
    .map((candidate) => ({ candidate, likeness: likeness(word, candidate) }))
    .sort((a, b) => b.likeness - a.likeness)
    .slice(0, count)
    .map(({ candidate }) => candidate)
}

function likeness(a: string, b: string): number {
  const left = pairs(a)
  const right = pairs(b)
  const shared = [...left].filter((pair) => right.has(pair)).length
  return (2 * shared) / (left.size + right.size || 1)
}

const pairs = (word: string): Set<string> => new Set(Array.from({ length: Math.max(0, word.length - 1) }, (_, index) => word.slice(index, index + 2)))
