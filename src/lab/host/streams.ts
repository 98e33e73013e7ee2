import {
  ByteLengthQueuingStrategy, CountQueuingStrategy, ReadableByteStreamController, ReadableStream, ReadableStreamBYOBReader, ReadableStreamBYOBRequest,
  ReadableStreamDefaultController, ReadableStreamDefaultReader, TransformStream, TransformStreamDefaultController, WritableStream,
  WritableStreamDefaultController, WritableStreamDefaultWriter,
} from 'web-streams-polyfill'
import { exposeInterfaces } from './expose.js'

export { ReadableStream, TransformStream, WritableStream }

/** Whether something was read from a stream, or it was cancelled: the polyfill keeps the standard's [[disturbed]] under this name. */
export const isDisturbed = (stream: ReadableStream): boolean => (stream as unknown as { _disturbed: boolean })._disturbed

export function installStreams(): void {
  exposeInterfaces({
    ByteLengthQueuingStrategy, CountQueuingStrategy, ReadableByteStreamController, ReadableStream, ReadableStreamBYOBReader, ReadableStreamBYOBRequest,
    ReadableStreamDefaultController, ReadableStreamDefaultReader, TransformStream, TransformStreamDefaultController, WritableStream,
    WritableStreamDefaultController, WritableStreamDefaultWriter,
  })
}
