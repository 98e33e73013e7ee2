/** Flakes among trials, and between which rates the true one lies. All null where nothing was tried. */
export interface FlakeRate { trials: number; flakes: number; rate: number | null; low: number | null; high: number | null }

/** The standard normal's 97.5th percentile: 95 % between both sides. */
const Z = 1.959963984540054

/**
 * The rate of flakes with its 95 % score interval, which stays within 0 and 1 and holds for few trials and for none that flaked.
 * E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22 (158), 1927, pages 209 to 212.
 */
export function flakeRate(flakes: number, trials: number): FlakeRate {
  if (trials === 0) return { trials, flakes, rate: null, low: null, high: null }
  const rate = flakes / trials
  const square = Z * Z
  const middle = (rate + square / (2 * trials)) / (1 + square / trials)
  const half = (Z / (1 + square / trials)) * Math.sqrt((rate * (1 - rate)) / trials + square / (4 * trials * trials))
  // At both ends the interval meets the rate; rounding must not put it beside.
  return { trials, flakes, rate, low: flakes === 0 ? 0 : Math.max(0, middle - half), high: flakes === trials ? 1 : Math.min(1, middle + half) }
}
