/** One line of `bench/results/latest.json`. A ratio is this value to that of `ratio_to`, both measured in the same run. */
export interface Measure {
  name: string
  value: number
  unit: string
  ratio_to?: string
  ratio?: number
}

/** Runs a measurement several times and takes the best: the machine's noise only ever adds. */
export async function best(rounds: number, better: 'more' | 'less', once: () => Promise<number>): Promise<number> {
  const values: number[] = []
  for (let round = 0; round < rounds; round++) values.push(await once())
  return better === 'more' ? Math.max(...values) : Math.min(...values)
}

/** A measure beside the one it is compared with. */
export const beside = (measure: Measure, other: Measure): Measure => ({ ...measure, ratio_to: other.name, ratio: round(measure.value / other.value, 3) })

export const round = (value: number, digits: number): number => Number(value.toFixed(digits))

export const median = (values: number[]): number => {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
