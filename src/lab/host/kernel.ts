import { KERNEL_GLOBAL, NOW, type LabKernel } from '../kernel-types.js'

const scope = globalThis as unknown as Record<string, unknown>

/** The outside, as it was handed in; nobody else in the context can reach it. */
export const kernel = scope[KERNEL_GLOBAL] as LabKernel
delete scope[KERNEL_GLOBAL]

/** Virtual time since the context was made, in ms. It stands still while a task runs. */
export const now = (): number => kernel.clock[NOW]!
