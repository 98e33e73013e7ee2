/** An error named as the platform names what is done in the wrong state. */
export const invalidState = (message) => Object.assign(new Error(message), { name: 'InvalidStateError' })
