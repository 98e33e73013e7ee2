import { planted } from '../../../subjects/planted/plant.js'

/** Draws for ever, wherever there are frames: the lab has none. */
export default planted('asks-frames', ({ tasks }) => ({
  tasks: {
    ...tasks,
    async echo(input) {
      const draw = (): void => { requestAnimationFrame(draw) }
      if (typeof requestAnimationFrame === 'function') draw()
      return input
    },
  },
}))
