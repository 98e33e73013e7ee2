import { live, planted } from './plant.js'

const LOOP_MS = 120_000

/** Busy before it has declared itself. */
if (live) for (const end = performance.now() + LOOP_MS; performance.now() < end;);

export default planted('never-says-hello', () => ({}))
