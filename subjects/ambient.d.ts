/** A file as a data URL, inlined by Vite. */
declare module '*?url&inline' {
  const dataUrl: string
  export default dataUrl
}
