export const readDiagramInput = (_: string): string => ''
export const diagramOf = (_: string): string => ''
